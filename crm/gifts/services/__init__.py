"""Operations on gifts: asking for one and declaring one, deciding, issuing and handing over, the catalogue and its stock."""

from crm.gifts.services.deciding import consent, decide, escalate, settle
from crm.gifts.services.entering import declare_received, record_taken_home, request_gift
from crm.gifts.services.moving import cancel, decline, dispose, hand_over, issue
from crm.gifts.services.stocking import keep_item, move_stock

__all__ = [
    "cancel",
    "consent",
    "decide",
    "declare_received",
    "decline",
    "dispose",
    "escalate",
    "hand_over",
    "issue",
    "keep_item",
    "move_stock",
    "record_taken_home",
    "request_gift",
    "settle",
]
