"""Pages of hospitality."""

from crm.hospitality.views.asking import RequestCancel, RequestCreate, RequestRoom, RequestSubmit, RequestUpdate
from crm.hospitality.views.books import BatchCreate, BatchDetail, BatchFile, BatchList, BatchPay, Exceptions
from crm.hospitality.views.deciding import (
    ClaimClawBack,
    ClaimQuery,
    ClaimVerify,
    ExtraGrant,
    ExtraRefuse,
    RequestApprove,
    RequestConsent,
    RequestPassUp,
    RequestReject,
    RequestReopen,
    RequestReturn,
)
from crm.hospitality.views.pages import (
    CompanyHospitality,
    RequestClaim,
    RequestDetail,
    RequestHistory,
    RequestList,
    RequestOutline,
    RequestReport,
)
from crm.hospitality.views.reporting import ClaimCreate, ExtraCreate, ReceiptDownload, ReportCreate, ReportRoom

__all__ = [
    "BatchCreate",
    "BatchDetail",
    "BatchFile",
    "BatchList",
    "BatchPay",
    "ClaimClawBack",
    "ClaimCreate",
    "ClaimQuery",
    "ClaimVerify",
    "CompanyHospitality",
    "Exceptions",
    "ExtraCreate",
    "ExtraGrant",
    "ExtraRefuse",
    "ReceiptDownload",
    "ReportCreate",
    "ReportRoom",
    "RequestApprove",
    "RequestCancel",
    "RequestClaim",
    "RequestConsent",
    "RequestCreate",
    "RequestDetail",
    "RequestHistory",
    "RequestList",
    "RequestOutline",
    "RequestPassUp",
    "RequestReject",
    "RequestReopen",
    "RequestReport",
    "RequestReturn",
    "RequestRoom",
    "RequestSubmit",
    "RequestUpdate",
]
