"""Kinds, purposes, places and states of visits; how a file may come; what a note must never speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VisitKind(models.TextChoices):
    """How the client was met. A call is not face to face; the others are."""

    VISIT = "visit", _("Visit")
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    JOINT = "joint", _("Joint visit")


class Purpose(models.TextChoices):
    """Why (domain 3.3). A courtesy contact counts as a call, never as a visit (domain 3.2)."""

    COURTESY = "courtesy", _("Courtesy")
    PROSPECT = "prospect", _("Winning a prospect")
    REVIEW = "review", _("Review")
    PRE_LOAN = "pre_loan", _("Pre-loan investigation")
    POST_LOAN = "post_loan", _("Post-loan, announced")
    SERVICE = "service", _("Service")
    JOINT = "joint", _("Joint")


class VisitState(models.TextChoices):
    """A visit is planned, then done or cancelled. What was not planned is done at once."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


VISIT_TRANSITIONS: dict[str, set[str]] = {
    VisitState.PLANNED: {VisitState.DONE, VisitState.CANCELLED},
    VisitState.DONE: set(),
    VisitState.CANCELLED: set(),
}


class PlaceKind(models.TextChoices):
    """Where it took place."""

    REGISTERED = "registered", _("Registered office")
    OFFICE = "office", _("Their office")
    FACTORY = "factory", _("Factory")
    WAREHOUSE = "warehouse", _("Warehouse")
    SITE = "site", _("Site")
    OURS = "ours", _("Our office")
    OTHER = "other", _("Elsewhere")


class DecisionWeight(models.TextChoices):
    """How much somebody's word weighs in the company."""

    DECIDES = "decides", _("Decides")
    INFLUENCES = "influences", _("Has influence")
    INFORMED = "informed", _("Is kept informed")


class Confidentiality(models.TextChoices):
    """The class of a note (domain 1.3). Visit notes are internal; class T is never written here."""

    INTERNAL = "I", _("Internal")
    RESTRICTED = "R", _("Restricted")


FACE_TO_FACE = (VisitKind.VISIT, VisitKind.MEETING, VisitKind.JOINT)

FACTS = (
    "business",
    "orders",
    "capacity_use",
    "stock",
    "headcount",
    "suppliers",
    "customers",
    "banks_used",
    "new_projects",
    "funding_needs",
    "competitor_offers",
)
"""The facts that a visit may bring home (domain 3.3), as columns of Visit."""

NOTES = ("client_requests", "product_introduced", "concerns")

FREE_TEXTS = ("summary", "objective", "place_text", "next_step", *FACTS, *NOTES)
"""Columns in which a person writes freely; all of them are scanned for words of class T."""

PLAN_TEXTS = ("facts_wanted", "not_to_raise")
"""What somebody writes freely before a visit, scanned as all the others; it stays as it was planned."""

EDITABLE = ("happened_at", "kind", "purpose", "place", "two_way", "mood", "confidentiality", "next_step_on", *FREE_TEXTS)
"""What `change_visit` may change and both versions show where two people edit at once."""

SUMMARY_LIMIT = 10_000
TEXT_LIMIT = 2_000

FORBIDDEN_PHRASES = (
    "suspicious transaction",
    "suspicious activity report",
    "suspicious report",
    "money laundering report",
    "law enforcement enquiry",
    "law enforcement inquiry",
    "可疑交易",
    "可疑活動報告",
    "洗錢舉報",
    "洗黑錢舉報",
    "聯合財富情報組",
    "執法機關查詢",
)
"""Words of class T (tipping-off, domain 1.3) in any script, case and width: they are compared folded."""

FORBIDDEN_SHORT = ("STR", "STRs", "JFIU", "CAMLMAC")
"""The same as abbreviations, whole words in capitals only: "str" is also a street."""


class WorkKindName(models.TextChoices):
    """Kinds of work items that visits write."""

    TASK = "task", _("Task")
    VISIT = "visit", _("Planned visit")
    PROMISE = "promise", _("Promise")
    SIGN_OFF = "visit_sign_off", _("Sign-off")


LOGGED = "visits.logged"
"""The event that features above react to: `Reaction(event=LOGGED, task=…)`, called with `visit_id`."""

COPIED = "visits.copied"
"""Somebody was sent a copy of a note."""

SEARCH_KIND = "visit"
"""What search calls them (`crm.visits.searching`)."""
