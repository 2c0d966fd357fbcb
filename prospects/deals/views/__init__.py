"""The pages of deals."""

from prospects.deals.views.adding import CompanyKnown, CoverageAsk, ProspectCreate
from prospects.deals.views.board import DealBoard
from prospects.deals.views.lists import ClosedList, DealAssignMany, DealList, TeamList
from prospects.deals.views.moving import DealMove
from prospects.deals.views.operations import (
    DealAssign,
    DealReopen,
    DealUpdate,
    EvidenceConfirm,
    EvidenceDecline,
    EvidenceState,
    EvidenceWaiting,
)
from prospects.deals.views.pages import CompanyDeals, DealCourse, DealDetail, DealHistory, DealPeople, DealTimeline

__all__ = [
    "ClosedList",
    "CompanyDeals",
    "CompanyKnown",
    "CoverageAsk",
    "DealAssign",
    "DealAssignMany",
    "DealBoard",
    "DealCourse",
    "DealDetail",
    "DealHistory",
    "DealList",
    "DealMove",
    "DealPeople",
    "DealReopen",
    "DealTimeline",
    "DealUpdate",
    "EvidenceConfirm",
    "EvidenceDecline",
    "EvidenceState",
    "EvidenceWaiting",
    "ProspectCreate",
    "TeamList",
]
