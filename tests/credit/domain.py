"""What domain 6.8 says of the life of a pack, written down once more by hand: its 25 transitions, and who may take each."""

from dataclasses import dataclass

SYSTEM = "system"
BUSINESS, HEADS, ANALYST, DECIDERS, CAD = {"RM", "ARM", "SRM", "TH"}, {"TH", "RCH"}, {"CA"}, {"CO", "CC"}, {"CAD"}
REVIEW = {"in_review", "writing_b", "fact_check", "for_decision"}
IN_CREDIT = REVIEW | {"handed_off", "query", "deferred"}
PRE_DECISION = IN_CREDIT | {"draft", "docs", "writing_a", "returned", "endorse"}
LIVE = {"available", "review_due", "suspended"}
GRANTED = {"approved", "appr_cond", "offered", "accepted", "cp_pending"}
OVER = {"withdrawn", "lapsed", "cancelled", "matured"}


@dataclass(frozen=True)
class Transition:
    """A row of the table: from one of these states to one of those, by one of these roles."""

    number: int
    sources: frozenset[str]
    targets: frozenset[str]
    who: frozenset[str]


def _row(number: int, sources: set[str], targets: set[str], who: set[str]) -> Transition:
    return Transition(number, frozenset(sources), frozenset(targets), frozenset(who))


TRANSITIONS = (
    _row(2, {"draft"}, {"docs"}, BUSINESS),
    _row(3, {"docs"}, {"writing_a"}, BUSINESS),
    _row(4, {"docs", "writing_a"}, {"endorse"}, BUSINESS),
    _row(5, {"endorse"}, {"handed_off"}, HEADS),
    _row(6, {"endorse"}, {"draft"}, HEADS),
    _row(7, {"handed_off"}, {"in_review"}, ANALYST | {"CO"}),
    _row(8, {"in_review"}, {"writing_b"}, ANALYST),
    _row(9, {"writing_b"}, {"fact_check"}, ANALYST),
    _row(10, REVIEW, {"query"}, ANALYST | {"CO"}),
    # The credit department withdraws or accepts the last question; else the manager's answers bring it back.
    _row(11, {"query"}, REVIEW, BUSINESS | ANALYST | {"CO"}),
    _row(12, REVIEW | {"query"}, {"returned"}, ANALYST | {"CO", SYSTEM}),
    _row(13, {"in_review", "fact_check"}, {"for_decision"}, ANALYST),
    _row(14, {"for_decision"}, {"approved", "appr_cond", "declined", "deferred"}, DECIDERS),
    _row(15, {"approved", "appr_cond"}, {"offered"}, CAD),
    _row(16, {"offered"}, {"accepted"}, BUSINESS),
    _row(17, {"offered"}, {"lapsed"}, {SYSTEM}),
    _row(18, {"accepted"}, {"cp_pending"}, BUSINESS),
    _row(19, {"cp_pending"}, {"available"}, CAD),
    _row(20, LIVE, {"review_due", "matured"}, {SYSTEM}),
    _row(20, {"available", "review_due"}, {"suspended"}, DECIDERS | {SYSTEM}),
    _row(20, LIVE, {"cancelled"}, BUSINESS),
    _row(20, {"suspended", "review_due"}, {"available", "review_due"}, DECIDERS),
    _row(21, PRE_DECISION, {"withdrawn"}, BUSINESS),
    # Also from within the credit department, where version n+1 of a pack on hold passes the guard (6.7).
    _row(22, {"returned"} | IN_CREDIT, {"endorse"}, BUSINESS),
    _row(23, {"deferred"}, {"in_review"}, ANALYST),
    _row(24, {"deferred"}, {"lapsed"}, {SYSTEM}),
    _row(25, {"declined"}, {"for_decision"}, BUSINESS),
)
"""Transition 1, from nothing to a draft, is the beginning of every pack."""


def number_of(source: str, target: str, who: str) -> int | None:
    """Which row allows this step to this role (or to the system); None where none does."""
    return next((row.number for row in TRANSITIONS if source in row.sources and target in row.targets and who in row.who), None)
