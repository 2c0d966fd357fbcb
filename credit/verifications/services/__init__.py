"""What is done about verifications and the directory."""

from credit.verifications.services.asking import chase, send
from credit.verifications.services.keeping import keep_contact
from credit.verifications.services.opening import note_ship, open_verification, verify_open_bills
from credit.verifications.services.settling import settle, watch

__all__ = ["chase", "keep_contact", "note_ship", "open_verification", "send", "settle", "verify_open_bills", "watch"]
