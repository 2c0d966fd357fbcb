"""How a feature plugs into shared screens: it registers small dataclasses, and the screens ask for all of a kind.

Each app's `contributions.py` is imported at start-up. What runs later (tasks, views, routers) is named by a dotted path, so that
registering imports no view.
"""

from crm.kernel.contributions.approvals import ApprovalAct, ApprovalCard, ApprovalKind, ApprovalPane
from crm.kernel.contributions.finding import Finder, Found, NearName, NearNames, QueryAction, ReaderTokens, SearchDocument
from crm.kernel.contributions.knowing import (
    CompanyNames,
    KnownOfficials,
    PendingDecision,
    RiskClasses,
    StageEvidence,
    known_officials,
    pending_decisions,
)
from crm.kernel.contributions.papers import PaperContext, PaperField
from crm.kernel.contributions.registry import _registry, always, of, register
from crm.kernel.contributions.running import ApiRouter, Invariant, PolicyTable, Reaction
from crm.kernel.contributions.screens import (
    ClientPanel,
    CompanyForm,
    EditorsDesk,
    GroupPanel,
    LogEntry,
    NavItem,
    NotificationKind,
    PaletteCommand,
    RecordAction,
    TimelineKind,
    TodayCard,
    WorkKind,
)

__all__ = [
    "ApiRouter",
    "ApprovalAct",
    "ApprovalCard",
    "ApprovalKind",
    "ApprovalPane",
    "ClientPanel",
    "CompanyForm",
    "CompanyNames",
    "EditorsDesk",
    "Finder",
    "Found",
    "GroupPanel",
    "Invariant",
    "KnownOfficials",
    "LogEntry",
    "NavItem",
    "NearName",
    "NearNames",
    "NotificationKind",
    "PaletteCommand",
    "PaperContext",
    "PaperField",
    "PendingDecision",
    "PolicyTable",
    "QueryAction",
    "Reaction",
    "ReaderTokens",
    "RecordAction",
    "RiskClasses",
    "SearchDocument",
    "StageEvidence",
    "TimelineKind",
    "TodayCard",
    "WorkKind",
    "_registry",
    "always",
    "known_officials",
    "of",
    "pending_decisions",
    "register",
]
