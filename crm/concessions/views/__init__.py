"""Pages of concessions: lists and the record, asking, deciding, telling, what takes authority away."""

from crm.concessions.views.asking import ConcessionAnswer, ConcessionCreate, ConcessionWithdraw, LevelLook
from crm.concessions.views.deciding import ConcessionDecide
from crm.concessions.views.pages import (
    CompanyConcessions,
    ConcessionDelivered,
    ConcessionDetail,
    ConcessionEvents,
    ConcessionList,
    ConcessionRequest,
    EvidenceDownload,
    MonthReport,
    ProbeList,
    RegisterList,
)
from crm.concessions.views.standing import ConflictDeclare, ConflictEnd, ConflictList, SuspensionCreate, SuspensionLift, SuspensionList
from crm.concessions.views.telling import ConcessionApply, ConcessionRevoke, ConcessionTell, ConfirmationWrite, PromiseKeep

__all__ = [
    "CompanyConcessions",
    "ConcessionAnswer",
    "ConcessionApply",
    "ConcessionCreate",
    "ConcessionDecide",
    "ConcessionDelivered",
    "ConcessionDetail",
    "ConcessionEvents",
    "ConcessionList",
    "ConcessionRequest",
    "ConcessionRevoke",
    "ConcessionTell",
    "ConcessionWithdraw",
    "ConfirmationWrite",
    "ConflictDeclare",
    "ConflictEnd",
    "ConflictList",
    "EvidenceDownload",
    "LevelLook",
    "MonthReport",
    "ProbeList",
    "PromiseKeep",
    "RegisterList",
    "SuspensionCreate",
    "SuspensionLift",
    "SuspensionList",
]
