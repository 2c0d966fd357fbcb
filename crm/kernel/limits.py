"""Limits that hold under any number of simultaneous decisions: budgets of a period, and rolling windows with several caps on one ledger.

Read-check-save is forbidden for a limit: on PostgreSQL it overspends inside `atomic()`. Both shapes here take the row's lock by an UPDATE
first and judge afterwards, and write the ledger row in the same transaction, so counter and ledger cannot drift apart.

    with transaction.atomic():
        limits.take(
            BudgetClaim("hospitality.month", f"user:{host.pk}", "2026-03", cap=Decimal(8000), amount=Decimal(1500)),
            WindowClaim("gifts.recipient", f"contact:{contact.pk}", day, value, caps=(WindowCap(Decimal(1500), since=a_year_ago),)),
            subject=request, entry=EntryKind.RESERVE, actor=actor, now=now,
        )

Amounts go in and come out as Decimals of at most two places, and are kept as whole hundredths: SQLite adds decimals up as binary
fractions, which would lose or invent a cent.

Whoever takes from several limits names them in one call: they are locked in the order of their names, so two decisions never wait for
each other.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.events import EventModel

ZERO = Decimal("0.00")


def hundredths(amount: Decimal) -> int:
    """`amount` as whole hundredths. ValueError for a fraction of one: round before, by the rule that applies."""
    counted = amount.scaleb(2)
    if counted != counted.to_integral_value():
        raise ValueError(f"{amount} has a fraction of a cent.")
    return int(counted)


def decimal(counted: int) -> Decimal:
    """Hundredths as an amount of two places."""
    return Decimal(counted).scaleb(-2)


class LimitExceeded(RuleBroken):
    """What was asked for does not fit. The sentence is neutral: it names no figure. `scope` says which limit, for the caller alone."""

    code = "limit_exceeded"

    def __init__(self, scope: str, message: Sentence | None = None) -> None:
        super().__init__(message or _("There is not enough room left under the limit."))
        self.scope = scope


class EntryKind(models.TextChoices):
    """Why an amount was entered."""

    RESERVE = "reserve", _("Reserved")
    RELEASE = "release", _("Released")
    SPEND = "spend", _("Spent")
    REVERSE = "reverse", _("Reversed")


class Budget(models.Model):
    """What may be used up in one period: of `scope` ("hospitality.month") by `holder` ("user:12") in `period` ("2026-03").

    The cap is copied when the period opens. What is used counts what is reserved and spent, and equals the sum of the entries.
    """

    scope = models.CharField(max_length=40)
    holder = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    cap_hundredths = models.BigIntegerField()
    used_hundredths = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "holder", "period"], name="kernel_budget_once"),
            models.CheckConstraint(
                condition=Q(used_hundredths__gte=0) & Q(used_hundredths__lte=F("cap_hundredths")), name="kernel_budget_holds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.holder} {self.period}"

    @property
    def cap(self) -> Decimal:
        """At most this much."""
        return decimal(self.cap_hundredths)

    @property
    def used(self) -> Decimal:
        """What is reserved or spent."""
        return decimal(self.used_hundredths)

    @property
    def left(self) -> Decimal:
        """What may still be taken."""
        return decimal(self.cap_hundredths - self.used_hundredths)


class Window(models.Model):
    """The ledger of one rolling limit: of `scope` ("concessions.bucket") for `holder` ("group:7"). It has no cap of its own."""

    scope = models.CharField(max_length=40)
    holder = models.CharField(max_length=60)
    bumps = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "holder"], name="kernel_window_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.holder}"


class LimitEntry(EventModel):
    """One amount that was taken from, or given back to, a budget or a window. Only ever added."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False)
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    day = models.DateField()
    level = models.PositiveSmallIntegerField(default=0)
    hundredths = models.BigIntegerField()
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(budget=None, window__isnull=False) | Q(budget__isnull=False, window=None), name="kernel_limit_entry_of_one"
            )
        ]
        indexes = [
            models.Index(fields=["budget", "kind"], condition=Q(window=None), name="kernel_limit_entry_budget"),
            models.Index(fields=["window", "day"], condition=Q(budget=None), name="kernel_limit_entry_window"),
            models.Index(fields=["subject_type", "subject_id"], name="kernel_limit_entry_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def amount(self) -> Decimal:
        """What was taken; negative where it was given back."""
        return decimal(self.hundredths)


@dataclass(frozen=True)
class BudgetClaim:
    """`amount` of a period's budget; negative gives back. `cap` opens the period where it is new, and is otherwise as it was copied.

    `follows`: the cap was set anew meanwhile, or may have been, and `cap` holds from here on, as `recap` sets it.
    """

    scope: str
    holder: str
    period: str
    cap: Decimal
    amount: Decimal
    level: int = 0
    day: dt.date | None = None
    follows: bool = False


@dataclass(frozen=True)
class WindowCap:
    """At most `most` of the entries since a day (included), with this one; only of those up to `level` where one is named."""

    most: Decimal
    since: dt.date
    until: dt.date | None = None
    level: int | None = None


@dataclass(frozen=True)
class WindowClaim:
    """`amount` more in a window on `day`; negative gives back, which no cap hinders. `level` is that of whoever grants it."""

    scope: str
    holder: str
    day: dt.date
    amount: Decimal
    caps: tuple[WindowCap, ...] = ()
    level: int = 0


Claim = BudgetClaim | WindowClaim


def take(*claims: Claim, subject: models.Model, entry: EntryKind, actor: Any, now: dt.datetime, post: Any = None) -> list[LimitEntry]:
    """Take all claims or none, and enter them in the ledgers under `subject`. Call inside the deciding transaction.

    Claims are taken in the order of their scopes and holders. Returns the entries in that order. Raises LimitExceeded, naming the scope,
    for the first that does not fit: let it pass through the caller's `atomic`, so that nothing of the decision stands.
    """
    taken = []
    with transaction.atomic():
        for claim in sorted(claims, key=lambda one: (one.scope, one.holder)):
            place = _take_budget(claim) if isinstance(claim, BudgetClaim) else _take_window(claim)
            taken.append(
                LimitEntry(
                    **place,
                    at=now,
                    actor=actor,
                    post=post,
                    kind=entry,
                    day=claim.day or now.date(),
                    level=claim.level,
                    hundredths=hundredths(claim.amount),
                    subject_type=subject._meta.label_lower,
                    subject_id=subject.pk,
                )
            )
        return LimitEntry.objects.bulk_create(taken)


def hold(scope: str, holders: Sequence[str]) -> None:
    """Lock the windows of some holders until the transaction ends, for whoever then sums up what stands elsewhere, and decides by it.

    They are locked in the order of their names. What the next one reads after its own call it reads behind the commit of the one before.
    """
    for holder in sorted(set(holders)):
        kept, _new = Window.objects.get_or_create(scope=scope, holder=holder)
        Window.objects.filter(pk=kept.pk).update(bumps=F("bumps") + 1)


def settle(claim: BudgetClaim, *, reserved: Decimal, subject: models.Model, actor: Any, now: dt.datetime, post: Any = None) -> None:
    """Turn what was reserved into what was spent (`claim.amount`) by one conditional update: no other decision slips in between.

    Raises LimitExceeded where the difference does not fit; the reserve then stands as it was.
    """
    with transaction.atomic():
        place = _take_budget(BudgetClaim(claim.scope, claim.holder, claim.period, claim.cap, claim.amount - reserved))
        shared = {**place, "at": now, "actor": actor, "post": post, "day": claim.day or now.date(), "level": claim.level}
        subject_of = {"subject_type": subject._meta.label_lower, "subject_id": subject.pk}
        LimitEntry.objects.bulk_create(
            [
                LimitEntry(kind=EntryKind.RELEASE, hundredths=-hundredths(reserved), **shared, **subject_of),
                LimitEntry(kind=EntryKind.SPEND, hundredths=hundredths(claim.amount), **shared, **subject_of),
            ]
        )


def budget(scope: str, holder: str, period: str, *, cap: Decimal) -> Budget:
    """How a period's budget stands; where it is not opened yet, as it would open (not saved)."""
    kept = Budget.objects.filter(scope=scope, holder=holder, period=period).first()
    return kept or Budget(scope=scope, holder=holder, period=period, cap_hundredths=hundredths(cap))


def split(opened: Budget) -> tuple[Decimal, Decimal]:
    """(reserved, spent) of a budget: what its entries sum up to by kind."""
    if opened.pk is None:
        return ZERO, ZERO
    sums = dict(opened.entries.values_list("kind").annotate(total=Sum("hundredths")).order_by())
    reserved = sums.get(EntryKind.RESERVE, 0) + sums.get(EntryKind.RELEASE, 0)
    return decimal(reserved), decimal(opened.used_hundredths - reserved)


def recap(scope: str, holder: str, period: str, *, cap: Decimal) -> None:
    """Set another cap for an open period: never below what is used already, so a lowered one refuses all that is new."""
    with transaction.atomic():
        for kept in Budget.objects.filter(scope=scope, holder=holder, period=period).select_for_update():
            kept.cap_hundredths = max(hundredths(cap), kept.used_hundredths)
            kept.save(update_fields=["cap_hundredths"])


def used_in_window(
    scope: str, holders: Sequence[str], *, since: dt.date, until: dt.date | None = None, level: int | None = None
) -> dict[str, Decimal]:
    """What stands in some windows since a day, by holder: for showing, never for deciding. One query; empty holders are left out."""
    rows = LimitEntry.objects.filter(window__scope=scope, window__holder__in=holders, day__gte=since)
    rows = rows.filter(day__lte=until) if until else rows
    rows = rows.filter(level__lte=level) if level is not None else rows
    return {holder: decimal(total) for holder, total in rows.values_list("window__holder").annotate(total=Sum("hundredths")).order_by()}


def drifted() -> list[str]:
    """Budgets whose counter is not the sum of their entries; for `check_invariants`."""
    sums = Budget.objects.annotate(entered=Coalesce(Sum("entries__hundredths"), 0)).exclude(used_hundredths=F("entered"))
    return [f"budget {one}: counted {one.used}, entered {decimal(one.entered)}" for one in sums]


def _take_budget(claim: BudgetClaim) -> dict[str, int]:
    found = Budget.objects.filter(scope=claim.scope, holder=claim.holder, period=claim.period)
    more, cap = hundredths(claim.amount), hundredths(claim.cap)
    if claim.follows:
        found.exclude(cap_hundredths=cap).update(cap_hundredths=Greatest(Value(cap), F("used_hundredths")))
    fitting = found.filter(used_hundredths__lte=F("cap_hundredths") - more) if more > 0 else found.filter(used_hundredths__gte=-more)
    if not fitting.update(used_hundredths=F("used_hundredths") + more):
        # Not opened yet, perhaps, or opened by another at this moment; else the second try fails as the first did.
        opened = {"cap_hundredths": cap}
        Budget.objects.get_or_create(scope=claim.scope, holder=claim.holder, period=claim.period, defaults=opened)
        if not fitting.update(used_hundredths=F("used_hundredths") + more):
            raise LimitExceeded(claim.scope)
    return {"budget_id": found.values_list("pk", flat=True).get()}


def _take_window(claim: WindowClaim) -> dict[str, int]:
    kept, _new = Window.objects.get_or_create(scope=claim.scope, holder=claim.holder)
    # The update takes the row's lock; whoever sums up afterwards sees all that was entered before.
    Window.objects.filter(pk=kept.pk).update(bumps=F("bumps") + 1)
    if claim.amount > 0:
        for cap in claim.caps:
            entries = kept.entries.filter(day__gte=cap.since)
            entries = entries.filter(day__lte=cap.until) if cap.until else entries
            entries = entries.filter(level__lte=cap.level) if cap.level is not None else entries
            if (entries.aggregate(total=Sum("hundredths"))["total"] or 0) + hundredths(claim.amount) > hundredths(cap.most):
                raise LimitExceeded(claim.scope)
    return {"window_id": kept.pk}
