"""Origins and states of surprise visits, the 22 points of a visit and their answers (domain 7.2, 7.3)."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.errors import Sentence


class Origin(models.TextChoices):
    """Why a visit is made."""

    DRAWN = "drawn", pgettext_lazy("surprise visit", "Drawn")
    REDRAWN = "redrawn", pgettext_lazy("surprise visit", "Drawn anew")
    FLAG = "flag", pgettext_lazy("surprise visit", "After a red flag")
    FIRST_USE = "first_use", pgettext_lazy("surprise visit", "First use of a facility")
    OWN = "own", pgettext_lazy("surprise visit", "By the relationship manager")


class VisitState(models.TextChoices):
    """Where a visit stands from its reveal on. Before that there is none."""

    REVEALED = "revealed", pgettext_lazy("surprise visit", "To be made")
    AT_PLACE = "at_place", pgettext_lazy("surprise visit", "At the place")
    RECORDED = "recorded", pgettext_lazy("surprise visit", "Recorded")
    CANCELLED = "cancelled", pgettext_lazy("surprise visit", "Cancelled")
    MISSED = "missed", pgettext_lazy("surprise visit", "Not made")


VISIT_TRANSITIONS: dict[str, set[str]] = {
    VisitState.REVEALED: {VisitState.AT_PLACE, VisitState.CANCELLED, VisitState.MISSED},
    VisitState.AT_PLACE: {VisitState.RECORDED},
    VisitState.RECORDED: set(),
    VisitState.CANCELLED: set(),
    VisitState.MISSED: set(),
}
TO_MAKE = (VisitState.REVEALED, VisitState.AT_PLACE)


class Result(models.TextChoices):
    """Point 22."""

    SATISFACTORY = "satisfactory", pgettext_lazy("surprise visit", "Satisfactory")
    WATCH = "watch", pgettext_lazy("surprise visit", "Watch")
    UNSATISFACTORY = "unsatisfactory", pgettext_lazy("surprise visit", "Unsatisfactory")


class Seen(models.TextChoices):
    """One tap."""

    YES = "y", pgettext_lazy("point of a visit", "Yes")
    NO = "n", pgettext_lazy("point of a visit", "No")
    NOT_SEEN = "s", pgettext_lazy("point of a visit", "Not seen")


class PhotoRemark(models.TextChoices):
    """What does not fit about a photo. It is kept all the same."""

    NO_TIME = "no_time", _("The photo tells no time")
    OTHER_TIME = "other_time", _("Taken at another time")
    OTHER_PLACE = "other_place", _("Taken at another place")
    SEEN_BEFORE = "seen_before", _("The same photo as of an earlier visit")


@dataclass(frozen=True)
class Point:
    """One thing to look at. `photo`: a photo belongs to it; `bad`: the answer that tells of trouble; `remark` asks for words."""

    number: int
    label: Sentence
    photo: bool = False
    bad: str = Seen.NO
    remark: Sentence = ""


HEADCOUNT, PHONE, OVERALL = 3, 4, 22
POINTS: tuple[Point, ...] = (
    Point(1, _("Address and sign match"), photo=True),
    Point(2, _("Lights, door, reception open"), photo=True),
    Point(3, _("People at work against payroll")),
    Point(4, _("Phones answered at the place")),
    Point(5, _("Machines running, how much"), photo=True, remark=_("Capacity in use, per cent")),
    Point(6, _("Raw and finished stock against list, 3 items counted"), photo=True, remark=_("What was counted")),
    Point(7, _("Pledged goods marked and apart"), photo=True),
    Point(8, _("Delivery books, gate log, last 5 shipments")),
    Point(9, _("Orders on hand")),
    Point(10, _("Notices, court papers, unpaid wages, landlord’s notice"), photo=True, bad=Seen.YES),
    Point(11, _("Neighbours or the guard say something of note"), bad=Seen.YES, remark=_("Words and role, no private data")),
    Point(12, _("Electricity and water bills")),
    Point(13, _("Good mood of staff, wages paid"), remark=_("Day of the last wages")),
    Point(14, _("Owner here"), remark=_("If not, why")),
    Point(15, _("Other companies at this address"), bad=Seen.YES),
    Point(16, _("Plates of other banks on machines"), bad=Seen.YES),
    Point(17, _("Use of the last drawdown seen")),
    Point(18, _("Two random files: invoice, contract, B/L, payment")),
    Point(19, _("Building progress fits the money paid")),
    Point(20, _("Insurance certificate")),
    Point(21, _("Safety or environment problem"), bad=Seen.YES),
)
"""Points 1 to 21 of domain 7.3; the 22nd is the result."""
