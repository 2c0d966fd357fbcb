"""Pages of papers: what waits for a second person, one paper, bringing them, documents, waivers."""

from credit.checklists.views.bringing import DocumentDownload, DocumentRemove, DocumentUseMore, PapersReceive, PapersRequested, RequestWrite
from credit.checklists.views.editing import (
    OwnPaperApprove,
    OwnPaperDetail,
    OwnPaperList,
    OwnPaperPropose,
    OwnPaperRefuse,
    OwnPaperWithdraw,
)
from credit.checklists.views.papers import (
    ItemAskAgain,
    ItemCheck,
    ItemDetail,
    ItemLeaveOut,
    ItemList,
    ItemSendBack,
    WaiverAsk,
    WaiverDecide,
)

__all__ = [
    "DocumentDownload",
    "DocumentRemove",
    "DocumentUseMore",
    "ItemAskAgain",
    "ItemCheck",
    "ItemDetail",
    "ItemLeaveOut",
    "ItemList",
    "ItemSendBack",
    "OwnPaperApprove",
    "OwnPaperDetail",
    "OwnPaperList",
    "OwnPaperPropose",
    "OwnPaperRefuse",
    "OwnPaperWithdraw",
    "PapersReceive",
    "PapersRequested",
    "RequestWrite",
    "WaiverAsk",
    "WaiverDecide",
]
