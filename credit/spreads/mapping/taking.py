"""What of a board is taken over: which label is which line, which period is which, and every cell that is refused with its reason."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.spreads.lines import code_of, key_of, lines
from credit.spreads.mapping.amounts import NotTaken, amount_of
from credit.spreads.mapping.boards import Board
from credit.spreads.mapping.periods import Heading
from credit.spreads.rules.figures import PRECISION, Figures
from crm.kernel.errors import RuleBroken, Sentence

FINEST = Decimal("0.0001")
UNITS = (1, 1_000, 10_000, 1_000_000)


@dataclass(frozen=True)
class Plan:
    """Lines by the key of a label, periods and their units by the key of a period; `missing` is what stands for "not known"."""

    codes: Mapping[str, str]
    periods: Mapping[str, Heading]
    units: Mapping[str, int]
    missing: str = ""

    def to_json(self) -> dict[str, Any]:
        """For keeping."""
        periods = {key: [found.ends_on.isoformat(), found.months, found.kind] for key, found in self.periods.items()}
        return {"codes": dict(self.codes), "periods": periods, "units": dict(self.units), "missing": self.missing}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Plan":
        """What `to_json` made."""
        periods = {key: Heading(dt.date.fromisoformat(end), months, kind) for key, (end, months, kind) in kept["periods"].items()}
        return cls(kept["codes"], periods, kept["units"], kept["missing"])


@dataclass(frozen=True)
class Refusal:
    """A cell that is not taken: where it stands, of which line, what it holds, and why."""

    place: str
    label: str
    value: str
    reason: Sentence

    def to_json(self) -> dict[str, str]:
        """For reports."""
        return {"place": self.place, "line": self.label, "value": self.value, "reason": str(self.reason)}


@dataclass(frozen=True)
class TakenLine:
    """An amount in the spread's unit, with where it stood and on which page of the accounts."""

    amount: Decimal
    place: str
    label: str
    page: str = ""


@dataclass(frozen=True)
class TakenPeriod:
    """A period with its lines by code."""

    heading: Heading
    lines: dict[str, TakenLine] = field(default_factory=dict)

    @property
    def figures(self) -> Figures:
        """For checks and ratios."""
        amounts = {code: line.amount for code, line in self.lines.items()}
        return Figures(self.heading.ends_on, self.heading.months, self.heading.kind, amounts)


@dataclass(frozen=True)
class Taken:
    """What came of it: periods newest first, refused cells, and labels that mean no line of ours."""

    periods: list[TakenPeriod]
    refused: list[Refusal]
    unknown: list[str]


def propose(board: Board, *, unit: int, missing: str = "", own_unit: int | None = None) -> Plan:
    """The plan as far as the file speaks for itself. `unit` holds where the file names none; `own_unit` stands over what it says.

    RuleBroken where the title names two units.
    """
    if own_unit is None and len(board.units) > 1:
        raise RuleBroken(
            _("Above the figures two units are named, so it is not sure in what they are. Say in which unit the file is."), code="two_units"
        )
    in_title = own_unit or next(iter(board.units), unit)
    codes: dict[str, str] = {}
    for key, label in sorted(board.labels.items(), key=lambda item: not _is_first_name(item[1])):
        code = code_of(label)
        if code and code not in codes.values():
            codes[key] = code
    periods: dict[str, Heading] = {}
    units: dict[str, int] = {}
    for key, said in board.periods.items():
        if said.heading is not None and not any(_is_same(said.heading, other) for other in periods.values()):
            periods[key] = said.heading
            units[key] = own_unit or (next(iter(said.units)) if len(said.units) == 1 else in_title)
    return Plan(codes, periods, units, missing)


def _is_first_name(label: str) -> bool:
    return bool((code := code_of(label)) and key_of(label) in {key_of(name) for name in lines()[code].names})


def _is_same(one: Heading, other: Heading) -> bool:
    return one.ends_on == other.ends_on and one.months == other.months


def take(board: Board, plan: Plan, *, unit: int) -> Taken:
    """The statements of a board as planned, in `unit`. A refused cell never stops the others."""
    refused = [*_headings(board, plan)]
    periods: list[TakenPeriod] = []
    for key, heading in plan.periods.items():
        if key not in board.periods:
            continue
        found: dict[str, TakenLine] = {}
        for label_key, code in plan.codes.items():
            cell, place = board.cells.get((label_key, key), (None, ""))
            if cell is None or not code or (plan.missing and _is_missing(cell.text, plan.missing)):
                continue
            label = board.labels[label_key]
            try:
                amount = amount_of(cell)
                if amount is None:
                    continue
                line = TakenLine(_in_unit(amount, plan.units.get(key, unit), unit), place, label, board.pages.get(label_key, ""))
                if code in found and found[code].amount != line.amount:
                    raise NotTaken(_("This line stands twice with different amounts, also in %(place)s.") % {"place": found[code].place})
                found.setdefault(code, line)
            except NotTaken as problem:
                refused.append(Refusal(place, label, cell.text[:80], problem.sentence))
        if found:
            periods.append(TakenPeriod(heading, _positive(found)))
    periods.sort(key=lambda period: (period.heading.ends_on, period.heading.months), reverse=True)
    unknown = [label for key, label in board.labels.items() if not plan.codes.get(key)]
    return Taken(periods, refused, unknown)


def _headings(board: Board, plan: Plan) -> list[Refusal]:
    """Periods that are left out, with the reason: not understood, or there already."""
    found = []
    for key, said in board.periods.items():
        if key in plan.periods:
            if len(said.units) > 1:
                found.append(Refusal(said.place, "", said.text[:80], _("The heading names two units.")))
            continue
        if said.problem:
            found.append(Refusal(said.place, "", said.text[:80], said.problem))
        elif said.heading is not None and any(_is_same(said.heading, other) for other in plan.periods.values()):
            found.append(Refusal(said.place, "", said.text[:80], _("This period stands in the file twice; the first was taken.")))
        else:
            found.append(Refusal(said.place, "", said.text[:80], _("No period was found in the heading.")))
    return found


def _is_missing(text: str, mark: str) -> bool:
    return text == mark or (text.removesuffix(".0") == mark.removesuffix(".0"))


def _in_unit(amount: Decimal, unit: int, wanted: int) -> Decimal:
    with localcontext(prec=PRECISION):
        return (amount * unit / wanted).quantize(FINEST)


def _positive(found: dict[str, TakenLine]) -> dict[str, TakenLine]:
    """Costs and payments as positive amounts, as statements that show them in brackets mean them."""
    expenses = [code for code in found if lines()[code].is_expense]
    leading = [found["cogs"]] if "cogs" in found else [found[code] for code in expenses]
    are_bracketed = bool(leading) and sum(line.amount < 0 for line in leading) * 2 > len(leading)
    turned = dict(found)
    for code, line in found.items():
        is_turned = (are_bracketed and code in expenses) or (lines()[code].is_outflow and line.amount < 0)
        if is_turned:
            turned[code] = TakenLine(-line.amount, line.place, line.label, line.page)
    return turned
