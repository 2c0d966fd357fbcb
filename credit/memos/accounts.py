"""The borrower's accounts as a part of a version: three years and what followed, with ratios, stress cases and what does not tie."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from credit.memos.models import Accounts
from credit.packs.choices import VersionState
from credit.packs.models import PackVersion
from credit.packs.parts import PackPart, called
from credit.spreads import selectors as spreads
from credit.spreads import showing
from credit.spreads.choices import PeriodKind, SpreadState
from credit.spreads.lines import lines
from credit.spreads.models import Period, Spread
from credit.spreads.rules import FORMULAS, LABELS, RatioKind, StressFigures, case_labels
from credit.spreads.selectors import PeriodSummary
from crm.kernel.errors import Sentence

HEADER, UNTIED, STRESS = "header", "untied", "stress"
_TIED = ("expected", "stated", "difference")
STRESSED_BY = ("sales_percent", "margin_points", "rate_bp", "debtor_days")


def content(version: PackVersion) -> dict[str, Any]:
    """As sealed; of a draft, the spread as it stands today. Nothing for a version that was sealed before accounts were kept."""
    kept = Accounts.objects.filter(version=version).first()
    if kept is not None:
        return dict(kept.content)
    return _as_it_stands(version, timezone.now()) if version.state == VersionState.DRAFT else {}


def freeze(version: PackVersion, now: dt.datetime) -> None:
    """Keep them, before the seal."""
    stands = _as_it_stands(version, now)
    if stands:
        Accounts.objects.create(version=version, content=stands, at=now)


def _as_it_stands(version: PackVersion, now: dt.datetime) -> dict[str, Any]:
    spread = spreads.latest_spread(version.pack.company_id)
    if spread is None:
        return {}
    told = spreads.summary(spread, on=timezone.localdate(now, version.pack.centre.zone))
    periods = spreads.chosen(told.periods)
    if not periods:
        return {}
    plain, ends = told.to_json(), {period.ends_on.isoformat() for period in periods}
    header = ("currency", "unit", "state", "prepared_by", "checked_by", "checked_at")
    return {
        HEADER: {name: plain[name] for name in header},
        **{period_key(period): _period(period) for period in periods},
        UNTIED: {
            f"{check['period']} {check['check']} {check['line']}".strip(): {name: check[name] for name in _TIED}
            for check in plain["untied"]
            if check["period"] in ends
        },
        STRESS: {case.pop("case"): case for case in plain["stress"]} | {"by": _by(told.stressed_by)},
    }


def _by(figures: StressFigures) -> dict[str, str]:
    return {name: f"{getattr(figures, name):f}" for name in STRESSED_BY}


def labels_of(stress: dict[str, Any]) -> dict[str, Sentence]:
    """What the cases of some contents are called."""
    by = stress.get("by")
    return case_labels(StressFigures(*(Decimal(by[name]) for name in STRESSED_BY))) if by else {}


def period_key(period: PeriodSummary) -> str:
    """A period's key among the contents: its last day and its months."""
    return f"period {period.ends_on.isoformat()} {period.months}"


def _period(period: PeriodSummary) -> dict[str, Any]:
    plain = period.to_json()
    return {
        **{name: plain[name] for name in ("ends_on", "months", "kind", "statement", "source")},
        "lines": {code: f"{amount.normalize():f}" for code, amount, _label, _page in period.lines},
        "ratios": {ratio["code"]: ratio["value"] for ratio in plain["ratios"]},
    }


def words(content: dict[str, Any]) -> dict[str, Sentence]:
    """Lines, ratios and cases as they are called."""
    named: dict[str, Sentence] = {code: line.name for code, line in lines().items()}
    named |= {formula.code: formula.label for formula in FORMULAS} | labels_of(content.get(STRESS, {}))
    named |= called(Spread, ("currency", "unit", "state", "prepared_by", "checked_by", "checked_at"))
    named |= {key: _title(row) for key, row in content.items() if key.startswith("period ")}
    named |= {HEADER: _("Spread"), UNTIED: _("What does not tie"), STRESS: _("Stress cases"), "lines": _("Lines"), "ratios": _("Ratios")}
    named |= called(Period, ("kind", "source"))
    named |= {"expected": _("Should be"), "stated": _("Stated"), "difference": _("Difference")}
    named |= {key: _check(key) for key in content.get(UNTIED, {})}
    return named | dict.fromkeys(("ends_on", "months", "statement", *STRESSED_BY), "") | {"extra_funding": _("Further funding")}


def _title(row: dict[str, Any]) -> str:
    months = "" if row["months"] == spreads.FULL_YEAR else f" ({row['months']})"
    return f"{_day(row['ends_on'])}{months}"


def _day(text: str) -> str:
    day = parse_date(text)
    return date_format(day, "SHORT_DATE_FORMAT") if day else text


def _check(key: str) -> str:
    day, code, *line = key.split(" ")
    said = [str(LABELS.get(code, code)), _day(day), *(lines()[one].name for one in line if one in lines())]
    return " · ".join(said)


def tables(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Contents as tables to be printed: title, head and rows of texts; those without rows are left out."""
    periods = sorted((row for key, row in content.items() if key.startswith("period ")), key=lambda row: (row["ends_on"], row["months"]))
    heads = [f"{_title(row)}\n{_kind(row)}" for row in periods]
    stated = [line for code, line in lines().items() if any(code in row["lines"] for row in periods)]
    stress = content.get(STRESS, {})
    found: list[tuple[Sentence, list[Sentence], list[list[str]]]] = [
        (
            _("Lines"),
            ["", *heads],
            [[line.name, *(_amount(row["lines"].get(line.code)) for row in periods)] for line in stated],
        ),
        (
            _("Ratios"),
            ["", *heads],
            [[str(one.label), *(_ratio(row["ratios"].get(one.code), one.kind) for row in periods)] for one in FORMULAS if periods],
        ),
        (
            _("Stress cases"),
            ["", "EBITDA", _("Interest cover"), _("Debt service cover"), _("Net debt to EBITDA"), _("Further funding")],
            [
                [
                    str(label),
                    *(_ratio(stress[code][name], kind) for name, kind in _STRESSED.items()),
                ]
                for code, label in labels_of(stress).items()
                if code in stress
            ],
        ),
        (
            _("What does not tie"),
            ["", _("Should be"), _("Stated"), _("Difference")],
            [[_check(key), *(_amount(row[name]) for name in _TIED)] for key, row in content.get(UNTIED, {}).items()],
        ),
    ]
    return [{"title": str(title), "head": [str(one) for one in head], "rows": rows, "figures": True} for title, head, rows in found if rows]


_STRESSED = {
    "ebitda": RatioKind.AMOUNT,
    "interest_cover": RatioKind.TIMES,
    "dscr": RatioKind.TIMES,
    "net_debt_ebitda": RatioKind.TIMES,
    "extra_funding": RatioKind.AMOUNT,
}


def _kind(row: dict[str, Any]) -> str:
    return str(PeriodKind(row["kind"]).label) if row["kind"] in PeriodKind.values else row["kind"]


def _amount(text: str | None) -> str:
    return showing.amount(Decimal(text)) if text is not None else ""


def _ratio(text: str | None, kind: RatioKind) -> str:
    return showing.written(None if text is None else Decimal(text), kind)


PART = PackPart(
    "accounts",
    _("Financial statements"),
    content,
    lambda source, version, actor, now: None,
    freeze=freeze,
    words=words,
    reads={
        "state": lambda text, named: str(SpreadState(text).label) if text in SpreadState.values else text,
        "kind": lambda text, named: str(PeriodKind(text).label) if text in PeriodKind.values else text,
    },
    order=25,
)
