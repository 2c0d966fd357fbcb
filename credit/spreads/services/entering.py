"""Beginning a spread, its details, and typing a period. What was stated once stays: other figures make a further statement."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.spreads import permissions, rules
from credit.spreads.choices import PeriodKind, SpreadAct, UnitOfMoney
from credit.spreads.lines import lines
from credit.spreads.mapping.amounts import LARGEST
from credit.spreads.mapping.periods import FIRST, LAST, Heading
from credit.spreads.mapping.taking import FINEST, TakenLine
from credit.spreads.models import MOST_MONTHS, TEN_THOUSANDTHS, Line, Period, Spread
from credit.spreads.selectors import covered
from credit.spreads.services.traces import figures_changed, found, tidy, write_event, write_timeline
from crm.companies.models import Company
from crm.staff.choices import Jurisdiction

MOST_PERIODS = 60
LONGEST_REQUEST = Decimal("99999999999999.99")
_DETAILS = ("unit", "jurisdiction", "year_end_month", "asked_hkd", "currency")


@dataclass(frozen=True)
class Put:
    """What came of putting a period in: the row that stands now, how many figures are new or other, and whether it was restated."""

    period: Period
    figures: int
    is_restated: bool


@transaction.atomic
def begin_spread(*, company_id: int, actor: Any, now: dt.datetime, **details: Any) -> Spread:
    """Begin the spread of a company. Company.DoesNotExist where hidden; NotAllowed.

    `details`: currency, unit, jurisdiction, year_end_month, asked_hkd. RuleBroken where the company has one already, or for bad details.
    """
    company = covered(Company.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=company_id))
    permissions.can_enter(user=actor, company=company).require()
    if Spread.objects.filter(company=company).exists():
        raise rules.refuse("company", _("This company has a spread already. Its periods are added there."), "there_already")
    spread = Spread(company=company, prepared_by=actor)
    _set_details(spread, details)
    spread.record(actor=actor)
    write_event(spread, SpreadAct.BEGIN, actor=actor, now=now)
    write_timeline(spread, _("Spread begun"), actor=actor, now=now)
    return spread


@transaction.atomic
def change_details(*, spread_id: int, version: int | None, actor: Any, now: dt.datetime, **details: Any) -> Spread:
    """Change what a spread is in and asked for. Spread.DoesNotExist; NotAllowed; StaleVersion.

    RuleBroken for bad details, and for another currency or unit once there are figures, since they would mean something else.
    """
    spread = found(spread_id, actor)
    permissions.can_enter(user=actor, company=spread.company).require()
    spread.claim(version or 0, shown=_DETAILS)
    before = {name: getattr(spread, name) for name in _DETAILS}
    _set_details(spread, details)
    for name in ("currency", "unit"):
        if getattr(spread, name) != before[name] and Period.objects.filter(spread=spread).exists():
            raise rules.refuse(name, _("There are figures already: in another currency or unit they would mean something else."))
    if spread.hand_back():
        return spread
    spread.record(actor=actor, fields=[*_DETAILS, "version"])
    write_event(spread, SpreadAct.CHANGE, actor=actor, now=now)
    return spread


def _set_details(spread: Spread, details: Mapping[str, Any]) -> None:
    for name in _DETAILS:
        if name in details:
            setattr(spread, name, details[name])
    spread.currency = str(spread.currency).strip().upper()
    if not (len(spread.currency) == 3 and spread.currency.isascii() and spread.currency.isalpha()):
        raise rules.refuse("currency", _("A currency has three letters, such as HKD."))
    if spread.unit not in UnitOfMoney.values:
        raise rules.refuse("unit", _("Say in which unit the figures are."))
    if spread.jurisdiction not in Jurisdiction.values:
        raise rules.refuse("jurisdiction", _("Say under which law the company borrows."))
    if not 1 <= int(spread.year_end_month or 0) <= 12:
        raise rules.refuse("year_end_month", _("A month is 1 to 12."))
    if spread.asked_hkd is not None and not 0 < spread.asked_hkd <= LONGEST_REQUEST:
        raise rules.refuse("asked_hkd", _("The amount asked for is more than 0."))


@transaction.atomic
def enter_period(
    *,
    spread_id: int,
    heading: Heading,
    values: Mapping[str, Decimal],
    actor: Any,
    now: dt.datetime,
    version: int | None = None,
    **said: Any,
) -> Period:
    """Type a whole period: `values` by line code in the spread's unit; a line that is left out is not there any more.

    `said`: source (which report), pages ({code: page}). Spread.DoesNotExist; NotAllowed; StaleVersion where `version` is given and old;
    RuleBroken for an unknown line, an amount that no company has, a period that cannot be, or no figure at all.
    """
    spread = found(spread_id, actor)
    permissions.can_enter(user=actor, company=spread.company).require()
    if version is not None:
        spread.claim(version, shown=())
    if not values:
        raise rules.refuse("ends_on", _("There is no figure yet. Type at least one line."), "no_figures")
    pages: Mapping[str, str] = said.get("pages") or {}
    typed = {code: TakenLine(_sound(code, amount), tidy(pages.get(code, ""), 80), "") for code, amount in values.items()}
    put = put_period(spread, heading, typed, source=tidy(said.get("source", ""), 200), actor=actor, now=now, is_whole=True)
    if put.figures:
        act = SpreadAct.RESTATE if put.is_restated else SpreadAct.ENTER
        write_event(spread, act, actor=actor, now=now, figures=put.figures, period=put.period)
        figures_changed(spread, actor=actor, now=now, is_claimed=version is not None)
    return put.period


def _sound(code: str, amount: Decimal) -> Decimal:
    if code not in lines():
        raise rules.refuse(code, _("There is no such line."), "no_such_line")
    if not amount.is_finite() or abs(amount) > LARGEST:
        raise rules.refuse(code, _("The amount is larger than any company’s."))
    return amount.quantize(FINEST, rounding=ROUND_HALF_EVEN)


def put_period(
    spread: Spread,
    heading: Heading,
    taken: Mapping[str, TakenLine],
    *,
    source: str,
    actor: Any,
    now: dt.datetime,
    is_whole: bool = False,
) -> Put:
    """Put figures of a period in, inside the caller's transaction, the spread being locked.

    The same figures again change nothing; further lines are added; other amounts, or audited accounts after unaudited ones, make a
    further statement that stands beside the earlier one. `is_whole`: lines that are left out are gone from the further statement.
    """
    _check_heading(heading, now)
    current = Period.objects.filter(spread=spread, ends_on=heading.ends_on, months=heading.months, is_current=True).first()
    if current is None:
        if Period.objects.filter(spread=spread, is_current=True).count() >= MOST_PERIODS:
            raise rules.refuse("ends_on", _("A spread holds %(count)s periods at most.") % {"count": MOST_PERIODS})
        return Put(_write(spread, heading, dict(taken), 1, source, actor, now), len(taken), False)
    kept = {line.code: line for line in current.lines.all()}
    other = [code for code, line in taken.items() if code in kept and kept[code].amount != line.amount]
    fresh = [code for code in taken if code not in kept]
    gone = [code for code in kept if code not in taken] if is_whole else []
    if not other and not gone and current.kind == heading.kind:
        _add(current, {code: taken[code] for code in fresh})
        return Put(current, len(fresh), False)
    merged = {code: TakenLine(line.amount, line.page, line.label) for code, line in kept.items() if code not in gone} | dict(taken)
    Period.objects.filter(pk=current.pk).update(is_current=False)
    period = _write(spread, heading, merged, current.statement + 1, source or current.source, actor, now)
    return Put(period, len(other) + len(fresh) + len(gone) or len(kept), True)


def _check_heading(heading: Heading, now: dt.datetime) -> None:
    if not FIRST <= heading.ends_on.year <= LAST:
        raise rules.refuse("ends_on", _("The year is not between %(first)s and %(last)s.") % {"first": FIRST, "last": LAST})
    if heading.ends_on > now.date() + dt.timedelta(days=1):
        raise rules.refuse("ends_on", _("The period is not over yet: that is a forecast, no statement."))
    if not 1 <= heading.months <= MOST_MONTHS:
        raise rules.refuse("months", _("A period covers 1 to %(most)s months.") % {"most": MOST_MONTHS})
    if heading.kind not in PeriodKind.values:
        raise rules.refuse("kind", _("Say what kind of accounts these are."))


def _write(
    spread: Spread, heading: Heading, taken: Mapping[str, TakenLine], statement: int, source: str, actor: Any, now: dt.datetime
) -> Period:
    told: dict[str, Any] = {"ends_on": heading.ends_on, "months": heading.months, "kind": heading.kind, "source": source}
    period = Period.objects.create(spread=spread, statement=statement, entered_by=actor, entered_at=now, **told)
    _add(period, taken)
    return period


def _add(period: Period, taken: Mapping[str, TakenLine]) -> None:
    Line.objects.bulk_create(
        Line(
            period=period,
            code=code,
            ten_thousandths=int(line.amount * TEN_THOUSANDTHS),
            label=line.label[:200],
            page=(line.page or line.place)[:80],
        )
        for code, line in taken.items()
    )
