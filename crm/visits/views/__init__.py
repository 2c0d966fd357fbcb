"""Pages of visits: the list and the record, writing down, planning, what follows."""

from crm.visits.views.follow_up import AddendumCreate, AttachmentCreate, AttachmentDownload, PromiseKeep, SignOff
from crm.visits.views.notes import CallCreate, VisitCreate, VisitUpdate
from crm.visits.views.pages import CompanyFind, CompanyVisits, VisitDetail, VisitHistory, VisitList, VisitNotes
from crm.visits.views.plans import PlanCreate, VisitCancel, VisitReplan

__all__ = [
    "AddendumCreate",
    "AttachmentCreate",
    "AttachmentDownload",
    "CallCreate",
    "CompanyFind",
    "CompanyVisits",
    "PlanCreate",
    "PromiseKeep",
    "SignOff",
    "VisitCancel",
    "VisitCreate",
    "VisitDetail",
    "VisitHistory",
    "VisitList",
    "VisitNotes",
    "VisitReplan",
    "VisitUpdate",
]
