"""Metrics, papers, states and acts of covenants, of their tests and of waivers, and the work that they give (domain 7.8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SUBJECT, TEST, WAIVER = "covenants.covenant", "covenants.covenanttest", "covenants.waiver"
TIMELINE = "covenant"
BREACH, PROCEEDS = "RF-41", "RF-21"
"""The flag that a covenant raises, and the one that asks for a look at the covenants of turnover."""


class Metric(models.TextChoices):
    """What is promised: a ratio of the accounts, the share of sales that passes through us, or an undertaking."""

    GEARING = "gearing", pgettext_lazy("ratio", "Gearing")
    LEVERAGE = "leverage", pgettext_lazy("ratio", "Leverage")
    TNW = "tnw", _("Tangible net worth")
    INTEREST_COVER = "interest_cover", _("Interest cover")
    DSCR = "dscr", _("Debt service cover")
    NET_DEBT = "net_debt_ebitda", _("Net debt to EBITDA")
    CURRENT = "current", _("Current ratio")
    PAYOUT = "payout", _("Dividend payout")
    TURNOVER = "turnover", _("Turnover through us, of sales")
    DIVIDEND = "dividend", _("No dividend without consent")
    PLEDGE = "pledge", _("Negative pledge")
    ACCOUNTS = "accounts", _("Audited accounts in time")
    CERTIFICATE = "certificate", _("Compliance certificate in time")
    OTHER = "other", _("Another undertaking")


FINANCIAL = (
    *(Metric.GEARING, Metric.LEVERAGE, Metric.TNW, Metric.INTEREST_COVER),
    *(Metric.DSCR, Metric.NET_DEBT, Metric.CURRENT, Metric.PAYOUT),
)
"""Ratios of domain 6.6; their codes are those of the spread."""
UNDERTAKINGS = (Metric.DIVIDEND, Metric.PLEDGE, Metric.ACCOUNTS, Metric.CERTIFICATE, Metric.OTHER)
"""Answered by a person with evidence; all others are worked out from figures."""
PERCENTAGES = (Metric.PAYOUT, Metric.TURNOVER)
AMOUNTS = (Metric.TNW,)


class Comparison(models.TextChoices):
    """On which side of the threshold the value has to stand; the threshold itself keeps the promise."""

    AT_LEAST = "least", _("At least")
    AT_MOST = "most", _("At most")


SIGNS = {Comparison.AT_LEAST: "≥", Comparison.AT_MOST: "≤"}


class Frequency(models.IntegerChoices):
    """How often it is tested, as months."""

    QUARTERLY = 3, _("Quarterly")
    HALF_YEARLY = 6, _("Half-yearly")
    YEARLY = 12, _("Yearly")


class Document(models.TextChoices):
    """The paper that it is tested from."""

    AUDITED = "audited", _("Audited accounts")
    MANAGEMENT = "management", _("Management accounts")
    CERTIFICATE = "certificate", _("Compliance certificate")
    SEARCH = "search", _("Search of a public register")
    OTHER = "other", _("Another paper")


class State(models.TextChoices):
    """Where a covenant stands. What is confirmed never changes: it is replaced by a successor from a day on."""

    PROPOSED = "proposed", pgettext_lazy("covenant", "To be confirmed")
    IN_FORCE = "in_force", pgettext_lazy("covenant", "In force")
    REFUSED = "refused", pgettext_lazy("covenant", "Refused")
    REPLACED = "replaced", pgettext_lazy("covenant", "Replaced")
    ENDED = "ended", pgettext_lazy("covenant", "Ended with the limit")


TRANSITIONS: dict[str, set[str]] = {
    State.PROPOSED: {State.IN_FORCE, State.REFUSED, State.ENDED},
    State.IN_FORCE: {State.REPLACED, State.ENDED},
    State.REFUSED: set(),
    State.REPLACED: set(),
    State.ENDED: set(),
}


class TestState(models.TextChoices):
    """Where the test of one period stands."""

    __test__ = False  # no case of ours, whatever its name begins with

    WAITING = "waiting", pgettext_lazy("covenant test", "Paper awaited")
    RECEIVED = "received", pgettext_lazy("covenant test", "To be tested")
    UNTESTABLE = "untestable", pgettext_lazy("covenant test", "Not testable: figures missing")
    MET = "met", pgettext_lazy("covenant test", "Met")
    BREACHED = "breached", pgettext_lazy("covenant test", "Breached")
    CURED = "cured", pgettext_lazy("covenant test", "Breached, cured")
    WAIVED = "waived", pgettext_lazy("covenant test", "Waived")
    DROPPED = "dropped", pgettext_lazy("covenant test", "No longer tested")


UNTESTED = (TestState.WAITING, TestState.RECEIVED, TestState.UNTESTABLE)
UNSETTLED = (*UNTESTED, TestState.BREACHED)
_ENDS = {TestState.WAIVED, TestState.DROPPED}
TEST_TRANSITIONS: dict[str, set[str]] = {
    TestState.WAITING: {TestState.RECEIVED, *_ENDS},
    TestState.RECEIVED: {TestState.MET, TestState.BREACHED, TestState.UNTESTABLE, *_ENDS},
    TestState.UNTESTABLE: {TestState.MET, TestState.BREACHED, TestState.UNTESTABLE, *_ENDS},
    TestState.BREACHED: {TestState.CURED, *_ENDS},
    TestState.MET: set(),
    TestState.CURED: set(),
    TestState.WAIVED: set(),
    TestState.DROPPED: set(),
}


class Standing(models.TextChoices):
    """How a covenant stands today, the worst of its tests first."""

    BREACHED = "breached", pgettext_lazy("covenant", "Breached")
    LATE = "late", pgettext_lazy("covenant", "Paper late")
    UNTESTABLE = "untestable", pgettext_lazy("covenant", "Not testable")
    TO_TEST = "to_test", pgettext_lazy("covenant", "To be tested")
    DUE = "due", pgettext_lazy("covenant", "Paper due")
    WAIVED = "waived", pgettext_lazy("covenant", "Waived")
    MET = "met", pgettext_lazy("covenant", "Met")
    NEW = "new", pgettext_lazy("covenant", "Not tested yet")
    OFF = "off", pgettext_lazy("covenant", "Not in force")


class WaiverState(models.TextChoices):
    """Where a request to do without stands."""

    ASKED = "asked", pgettext_lazy("covenant waiver", "Asked for")
    GRANTED = "granted", pgettext_lazy("covenant waiver", "Granted")
    REFUSED = "refused", pgettext_lazy("covenant waiver", "Refused")


WAIVER_TRANSITIONS: dict[str, set[str]] = {
    WaiverState.ASKED: {WaiverState.GRANTED, WaiverState.REFUSED},
    WaiverState.GRANTED: set(),
    WaiverState.REFUSED: set(),
}


class Answer(models.TextChoices):
    """What a person says of an undertaking."""

    MET = "met", pgettext_lazy("covenant test", "Met")
    BREACHED = "breached", pgettext_lazy("covenant test", "Breached")
    UNTESTABLE = "untestable", pgettext_lazy("covenant test", "It cannot be said: something is missing")


class Act(models.TextChoices):
    """What was done."""

    PROPOSE = "propose", pgettext_lazy("covenant", "Written down")
    CONFIRM = "confirm", pgettext_lazy("covenant", "Confirmed by a second person")
    REFUSE = "refuse", pgettext_lazy("covenant", "Refused")
    REPLACE = "replace", pgettext_lazy("covenant", "Replaced by a successor")
    END = "end", pgettext_lazy("covenant", "Ended with the limit")
    OPEN = "open", pgettext_lazy("covenant", "Test fell due")
    RECEIVE = "receive", pgettext_lazy("covenant", "Paper received")
    TEST = "test", pgettext_lazy("covenant", "Tested")
    CURE = "cure", pgettext_lazy("covenant", "Breach cured")
    ASK = "ask", pgettext_lazy("covenant", "Waiver asked for")
    GRANT = "grant", pgettext_lazy("covenant", "Waiver granted")
    DENY = "deny", pgettext_lazy("covenant", "Waiver refused")
    COVER = "cover", pgettext_lazy("covenant", "Falls under a waiver")
    FLAG = "flag", pgettext_lazy("covenant", "Red flag raised")
    CHANGE = "change", pgettext_lazy("covenant", "Figures say otherwise now")
    LOOK = "look", pgettext_lazy("covenant", "To be looked at because of a red flag")


class CovenantWork(models.TextChoices):
    """What somebody has to do about a covenant."""

    CONFIRM = "covenant_confirm", _("Confirm a covenant")
    PAPER = "covenant_paper", _("Bring the paper of a covenant")
    TEST = "covenant_test", _("Test a covenant")
    CURE = "covenant_cure", _("Cure a breach of covenant")
    WAIVE = "covenant_waive", _("Decide on a waiver of covenant")
    LOOK = "covenant_look", _("Look at a covenant because of a red flag")


BREACHED_NEWS, WAIVER_NEWS = "covenant_breached", "covenant_waiver"
"""Kinds of what staff are told."""
