"""Pages of payments: the register, one payment and its steps, the lists of a month."""

from credit.payments.views.acting import PaymentAsk, PaymentCheck, PaymentPay, PaymentReject, VoucherBring
from credit.payments.views.lists import MonthListBring, MonthListDetail, MonthListList, MonthListPaper
from credit.payments.views.pages import PaymentDetail, PaymentList, VoucherDownload

__all__ = [
    "MonthListBring",
    "MonthListDetail",
    "MonthListList",
    "MonthListPaper",
    "PaymentAsk",
    "PaymentCheck",
    "PaymentDetail",
    "PaymentList",
    "PaymentPay",
    "PaymentReject",
    "VoucherBring",
    "VoucherDownload",
]
