"""Pages of verifications: the register, a guided case, the directory."""

from credit.verifications.views.acting import ShipNote, VerificationChase, VerificationOpen, VerificationSend, VerificationSettle
from credit.verifications.views.directory import ContactCreate, ContactList, ContactUpdate
from credit.verifications.views.pages import OriginalDownload, VerificationDetail, VerificationList

__all__ = [
    "ContactCreate",
    "ContactList",
    "ContactUpdate",
    "OriginalDownload",
    "ShipNote",
    "VerificationChase",
    "VerificationDetail",
    "VerificationList",
    "VerificationOpen",
    "VerificationSend",
    "VerificationSettle",
]
