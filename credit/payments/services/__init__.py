"""What is done about payments out of loans."""

from credit.payments.services.listing import bring_list
from credit.payments.services.paying import Entry, ask_payment, bring_voucher, check_payment, pay, reject_payment

__all__ = ["Entry", "ask_payment", "bring_list", "bring_voucher", "check_payment", "pay", "reject_payment"]
