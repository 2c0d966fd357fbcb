"""Pages of gifts: the register, a gift and what is done with it, the ledger of give and take, the catalogue and its stock."""

from crm.gifts.views.catalogue import ItemCreate, ItemDetail, ItemList, ItemUpdate, StockMove
from crm.gifts.views.entering import GiftCreate, GiftDeclare, RoomLeft
from crm.gifts.views.moving import GiftCancel, GiftDecide, GiftDecline, GiftDispose, GiftHandOver, GiftIssue
from crm.gifts.views.register import CompanyGifts, Exceptions, GiftDetail, GiftList, Ledger

__all__ = [
    "CompanyGifts",
    "Exceptions",
    "GiftCancel",
    "GiftCreate",
    "GiftDecide",
    "GiftDeclare",
    "GiftDecline",
    "GiftDetail",
    "GiftDispose",
    "GiftHandOver",
    "GiftIssue",
    "GiftList",
    "ItemCreate",
    "ItemDetail",
    "ItemList",
    "ItemUpdate",
    "Ledger",
    "RoomLeft",
    "StockMove",
]
