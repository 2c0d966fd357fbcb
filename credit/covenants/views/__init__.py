"""Pages of covenants."""

from credit.covenants.views.acting import (
    BreachCure,
    CovenantConfirm,
    CovenantPropose,
    CovenantRefuse,
    CovenantReplace,
    PaperReceive,
    ResultRecord,
    WaiverAsk,
    WaiverAskUntil,
)
from credit.covenants.views.pages import CompanyCovenants, CovenantDetail, CovenantList, EvidenceDownload, TestDetail

__all__ = [
    "BreachCure",
    "CompanyCovenants",
    "CovenantConfirm",
    "CovenantDetail",
    "CovenantList",
    "CovenantPropose",
    "CovenantRefuse",
    "CovenantReplace",
    "EvidenceDownload",
    "PaperReceive",
    "ResultRecord",
    "TestDetail",
    "WaiverAsk",
    "WaiverAskUntil",
]
