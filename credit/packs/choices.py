"""Models, kinds, roles and states of packs and versions, and which state leads to which (domain 6.1, 6.2 and 6.8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Authorship(models.TextChoices):
    """Who writes the application; fixed when the pack is created (domain 6.1)."""

    RM = "A", _("Model A: the relationship manager writes")
    CREDIT = "B", _("Model B: the credit department writes")


class Segment(models.TextChoices):
    """The target times of domain 6.1 differ by it."""

    SME = "sme", _("Small and medium enterprise")
    CORPORATE = "corporate", pgettext_lazy("segment", "Corporate")


class PackKind(models.TextChoices):
    """What is asked for, against what the company has today."""

    NEW = "new", pgettext_lazy("credit pack", "New")
    INCREASE = "increase", pgettext_lazy("credit pack", "Increase")
    RENEWAL = "renewal", pgettext_lazy("credit pack", "Renewal")
    CHANGE = "change", pgettext_lazy("credit pack", "Change of terms")


class ClientType(models.TextChoices):
    """What the borrower is; each adds to the checklist (domain 6.3)."""

    COMPANY = "company", _("Limited company")
    PARTNERSHIP = "partnership", _("Sole proprietor or partnership")
    LISTED = "listed", _("Listed company")
    YOUNG = "young", _("Company younger than two years")
    OVERSEAS = "overseas", _("Overseas holding company")
    CN_SUBSIDIARY = "cn_subsidiary", _("Mainland subsidiary of a Hong Kong parent")
    INSTITUTION = "institution", _("School or charity")
    STATE_OWNED = "state_owned", _("State-owned enterprise")


class State(models.TextChoices):
    """Where a pack stands (domain 6.8)."""

    DRAFT = "draft", pgettext_lazy("credit pack", "Draft")
    DOCS = "docs", _("Gathering papers")
    WRITING_A = "writing_a", _("Writing the application")
    ENDORSE = "endorse", _("Waiting for endorsement")
    HANDED_OFF = "handed_off", _("Handed off")
    IN_REVIEW = "in_review", _("In review")
    WRITING_B = "writing_b", _("Analyst writes")
    FACT_CHECK = "fact_check", _("Fact check")
    QUERY = "query", pgettext_lazy("credit pack", "Question open")
    RETURNED = "returned", pgettext_lazy("credit pack", "Returned")
    FOR_DECISION = "for_decision", _("For decision")
    APPROVED = "approved", pgettext_lazy("credit pack", "Approved")
    APPR_COND = "appr_cond", _("Approved with conditions")
    DECLINED = "declined", pgettext_lazy("credit pack", "Declined")
    DEFERRED = "deferred", pgettext_lazy("credit pack", "Deferred")
    OFFERED = "offered", pgettext_lazy("credit pack", "Offered")
    ACCEPTED = "accepted", pgettext_lazy("credit pack", "Accepted")
    CP_PENDING = "cp_pending", _("Conditions open")
    AVAILABLE = "available", pgettext_lazy("credit pack", "Available")
    REVIEW_DUE = "review_due", _("Review due")
    SUSPENDED = "suspended", pgettext_lazy("credit pack", "Suspended")
    CANCELLED = "cancelled", pgettext_lazy("credit pack", "Cancelled")
    MATURED = "matured", pgettext_lazy("credit pack", "Matured")
    LAPSED = "lapsed", pgettext_lazy("credit pack", "Lapsed")
    WITHDRAWN = "withdrawn", pgettext_lazy("credit pack", "Withdrawn")


REVIEW = (State.IN_REVIEW, State.WRITING_B, State.FACT_CHECK, State.FOR_DECISION)
"""The review states: a question pauses them and they may be returned."""
PREPARING = (State.DRAFT, State.DOCS, State.WRITING_A, State.RETURNED)
"""With the relationship manager."""
IN_CREDIT = (State.HANDED_OFF, *REVIEW, State.QUERY, State.DEFERRED)
PRE_DECISION = (*PREPARING, State.ENDORSE, *IN_CREDIT)
"""May still be withdrawn; counts as pending exposure."""
GRANTED = (State.APPROVED, State.APPR_COND, State.OFFERED, State.ACCEPTED, State.CP_PENDING)
"""Approved, not yet live."""
LIVE = (State.AVAILABLE, State.REVIEW_DUE, State.SUSPENDED)
DECIDED = (*GRANTED, *LIVE, State.DECLINED, State.CANCELLED, State.MATURED, State.LAPSED)

_DECISIONS = {State.APPROVED, State.APPR_COND, State.DECLINED, State.DEFERRED}
_CREDIT = {State.QUERY, State.RETURNED, State.ENDORSE, State.WITHDRAWN}
# To ENDORSE from within the credit department: the next version of the pack was submitted while the one before stood on hold there.

TRANSITIONS: dict[str, set[str]] = {
    State.DRAFT: {State.DOCS, State.WITHDRAWN},
    State.DOCS: {State.WRITING_A, State.ENDORSE, State.WITHDRAWN},
    State.WRITING_A: {State.ENDORSE, State.WITHDRAWN},
    State.ENDORSE: {State.HANDED_OFF, State.DRAFT, State.WITHDRAWN},
    State.HANDED_OFF: {State.IN_REVIEW, State.ENDORSE, State.WITHDRAWN},
    State.IN_REVIEW: {State.WRITING_B, State.FOR_DECISION, *_CREDIT},
    State.WRITING_B: {State.FACT_CHECK, *_CREDIT},
    State.FACT_CHECK: {State.FOR_DECISION, *_CREDIT},
    State.QUERY: {*REVIEW, State.RETURNED, State.ENDORSE, State.WITHDRAWN},
    State.RETURNED: {State.ENDORSE, State.WITHDRAWN},
    State.FOR_DECISION: {*_DECISIONS, *_CREDIT},
    State.DEFERRED: {State.IN_REVIEW, State.ENDORSE, State.LAPSED, State.WITHDRAWN},
    State.DECLINED: {State.FOR_DECISION},
    State.APPROVED: {State.OFFERED},
    State.APPR_COND: {State.OFFERED},
    State.OFFERED: {State.ACCEPTED, State.LAPSED},
    State.ACCEPTED: {State.CP_PENDING},
    State.CP_PENDING: {State.AVAILABLE},
    State.AVAILABLE: {State.REVIEW_DUE, State.SUSPENDED, State.CANCELLED, State.MATURED},
    State.REVIEW_DUE: {State.AVAILABLE, State.SUSPENDED, State.CANCELLED, State.MATURED},
    State.SUSPENDED: {State.AVAILABLE, State.REVIEW_DUE, State.CANCELLED, State.MATURED},
    State.CANCELLED: set(),
    State.MATURED: set(),
    State.LAPSED: set(),
    State.WITHDRAWN: set(),
}


class VersionState(models.TextChoices):
    """Where a version stands (domain 6.8)."""

    DRAFT = "draft", pgettext_lazy("version", "Draft")
    SEALED = "sealed", pgettext_lazy("version", "Sealed")
    ON_HOLD = "on_hold", pgettext_lazy("version", "On hold")
    SUPERSEDED = "superseded", pgettext_lazy("version", "Superseded")
    DROPPED = "dropped", pgettext_lazy("version", "Dropped")


VERSION_TRANSITIONS: dict[str, set[str]] = {
    VersionState.DRAFT: {VersionState.SEALED, VersionState.DROPPED},
    VersionState.SEALED: {VersionState.ON_HOLD, VersionState.SUPERSEDED},
    VersionState.ON_HOLD: {VersionState.SEALED, VersionState.SUPERSEDED},
    VersionState.SUPERSEDED: set(),
    VersionState.DROPPED: set(),
}

ENDED_VERSIONS = (VersionState.SUPERSEDED, VersionState.DROPPED)


class PartyRole(models.TextChoices):
    """What a party is to the request."""

    BORROWER = "borrower", _("Borrower")
    GUARANTOR = "guarantor", _("Guarantor")
    PRIMARY_GUARANTOR = "primary", _("Guarantor, primary source of repayment")
    SECURITY = "security", _("Provider of security")


class SecurityKind(models.TextChoices):
    """What secures a request (domain 6.4)."""

    DEPOSIT = "deposit", _("Own cash pledged")
    PROPERTY = "property", _("Property")
    SHARES = "shares", _("Shares")
    MACHINERY = "machinery", _("Machinery")
    RECEIVABLES = "receivables", _("Receivables")
    FLOATING = "floating", _("Floating charge")
    SFGS = "sfgs", _("SME Financing Guarantee Scheme")
    OTHER = "other", pgettext_lazy("security", "Other")


class Act(models.TextChoices):
    """What was done, for the event row."""

    CREATE = "create", pgettext_lazy("credit pack", "Created")
    CHANGE = "change", pgettext_lazy("credit pack", "Changed")
    START_DOCS = "start_docs", _("Papers asked for")
    START_WRITING = "start_writing", _("Application begun")
    SUBMIT = "submit", _("Submitted for endorsement")
    ENDORSE = "endorse", _("Endorsed and handed off")
    SEND_BACK = "send_back", _("Sent back by the endorser")
    OPEN_VERSION = "open_version", _("Version opened")
    DROP_VERSION = "drop_version", _("Version dropped")
    WITHDRAW = "withdraw", pgettext_lazy("credit pack", "Withdrawn")
    ASSIGN = "assign", pgettext_lazy("credit pack", "Assigned")
    START_MEMO = "start_memo", _("Analyst’s memo begun")
    SEND_FACTS = "send_facts", _("Sent for the fact check")
    CHECK_FACTS = "check_facts", _("Facts checked")
    ASK = "ask", pgettext_lazy("credit pack", "Questions asked")
    ANSWER = "answer", pgettext_lazy("credit pack", "Question answered")
    RESUME = "resume", _("Review goes on")
    RETURN = "return", pgettext_lazy("credit pack", "Returned")
    ROUTE = "route", _("Put up for decision")
    DECIDE = "decide", pgettext_lazy("credit pack", "Decided")
    ANSWER_DEFERRAL = "answer_deferral", _("Deferred items answered")
    APPEAL = "appeal", pgettext_lazy("credit pack", "Appealed")
    OFFER = "offer", pgettext_lazy("credit pack", "Offered")
    ACCEPT = "accept", pgettext_lazy("credit pack", "Accepted")
    LAPSE = "lapse", pgettext_lazy("credit pack", "Lapsed")
    OPEN_CONDITIONS = "open_conditions", _("Conditions listed")
    GO_LIVE = "go_live", _("Limits live")
    SUSPEND = "suspend", pgettext_lazy("credit pack", "Suspended")
    RESTORE = "restore", pgettext_lazy("credit pack", "Restored")
    REVIEW_DUE = "review_due", _("Review due")
    CANCEL = "cancel", pgettext_lazy("credit pack", "Cancelled")
    MATURE = "mature", pgettext_lazy("credit pack", "Matured")


THINGS = {
    "facility": _("facility"),
    "party": _("party"),
    "security": _("security"),
    "requested": _("papers requested"),
    "received": _("papers received"),
    "removed": _("document taken away"),
    "checked": _("paper checked"),
    "sent back": _("paper sent back"),
    "left out": _("paper left out"),
    "asked for again": _("paper asked for again"),
    "waiver asked": _("waiver asked for"),
    "waiver granted": _("waiver granted"),
    "waiver refused": _("waiver refused"),
    "condition late": _("condition overdue"),
    "letter drawn": _("facility letter drawn up"),
}
"""Words for `values["what"]` of a CHANGE."""
TIMELINE = "pack"
SUBJECT = "packs.pack"
