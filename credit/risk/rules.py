"""From days overdue and grade to classes, as pure functions; every figure is the bank's own (domain 7.1)."""

import calendar
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.rules import refuse
from credit.risk.choices import LoanClass, Rating
from crm.kernel.errors import RuleBroken

WORST_GRADE = 10
REASON = 1000


def best_class(days: int, ladder: Mapping[str, Any]) -> LoanClass:
    """The best class that a debt overdue for so many days may stand in. `ladder`: for a class, the days that it needs to be exceeded."""
    reached = [LoanClass(int(key)) for key, limit in ladder.items() if days > int(limit)]
    return max(reached, default=LoanClass.PASS)


def risk_class(loan_class: int, grade: int | None, watch: Collection[str], *, mapping: Mapping[str, Any], best_grades: int) -> Rating:
    """The internal class: R3 where a passing debt is watched, else R1 up to `best_grades` and R2 beyond or ungraded; by `mapping` below."""
    if loan_class > LoanClass.PASS:
        return Rating(f"R{int(mapping[str(int(loan_class))])}")
    if watch:
        return Rating.R3
    return Rating.R1 if grade is not None and grade <= best_grades else Rating.R2


def is_better(to: tuple[int, str], than: tuple[int, str]) -> bool:
    """Whether a (loan class, risk class) improves on another in either part."""
    return to[0] < than[0] or to[1] < than[1]


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the month's last where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def check_days(loan_class: int, days: int, ladder: Mapping[str, Any]) -> None:
    """RuleBroken (field `loan_class`) where the days allow no class as good as this."""
    ceiling = best_class(days, ladder)
    if loan_class < ceiling:
        sentence = _("%(days)s days overdue: %(ceiling)s is the best class possible.") % {"days": days, "ceiling": ceiling.label}
        raise refuse("loan_class", sentence)


def check_observed(since: dt.date, months: int, today: dt.date) -> None:
    """RuleBroken where a class has not stood long enough to be improved."""
    until = months_after(since, months)
    if today < until:
        sentence = _("A class improves after %(months)s months’ observation: not before %(day)s.") % {
            "months": months,
            "day": until.isoformat(),
        }
        raise RuleBroken(sentence)


def check_grade(grade: int | None) -> None:
    """RuleBroken (field `grade`) for a grade that is none."""
    if grade is not None and not 1 <= grade <= WORST_GRADE:
        raise refuse("grade", _("Grades run from 1 to %(worst)s.") % {"worst": WORST_GRADE})


def check_class(loan_class: int) -> None:
    """RuleBroken (field `loan_class`) for a class that is none."""
    if loan_class not in LoanClass.values:
        raise refuse("loan_class", _("Pick one of the choices."))
