"""What past requests would have been under other figures, for the screens on which head office sets them.

A table's function is found by its name: `simulating.CT1_bp`, `simulating.bucket`, `simulating.month`.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext

from crm.concessions import rules
from crm.concessions.models import Ruling
from crm.concessions.rules import Inputs, Matrix
from crm.kernel.errors import RuleBroken, Sentence

Simulate = Callable[..., list[Sentence]]


def __getattr__(name: str) -> Simulate:
    """The simulation of the table of this name."""
    if name.startswith("__"):
        raise AttributeError(name)
    return partial(_simulate, name)


def _simulate(table: str, *, proposed: dict[str, Any], jurisdiction: str, since: dt.date, until: dt.date) -> list[Sentence]:
    zone = timezone.get_default_timezone()
    span = (dt.datetime.combine(since, dt.time(), zone), dt.datetime.combine(until, dt.time.max, zone))
    rulings = Ruling.objects.filter(at__range=span)
    if jurisdiction:
        rulings = rulings.filter(concession__centre__jurisdiction=jurisdiction)
    kind, _separator, measure = table.partition("_")
    if measure:
        rulings = rulings.filter(concession__kind=kind)
    changed = [_changed(ruled, measure or table, proposed) for ruled in rulings.iterator()]
    higher, lower = sum(change > 0 for change in changed), sum(change < 0 for change in changed)
    sentences: list[Sentence] = []
    if higher:
        sentences.append(
            ngettext("%(count)s decision would have gone higher.", "%(count)s decisions would have gone higher.", higher)
            % {"count": higher}
        )
    if lower:
        sentences.append(
            ngettext("%(count)s decision could have been taken lower.", "%(count)s decisions could have been taken lower.", lower)
            % {"count": lower}
        )
    return sentences


def _changed(ruled: Ruling, name: str, proposed: dict[str, Any]) -> int:
    kept, inputs = dict(ruled.matrix), Inputs.from_json(ruled.inputs)
    if name in ("bucket", "month"):
        kept[name] = kept[name] | proposed
    else:
        kept["figures"] = kept["figures"] | {name: kept["figures"][name] | proposed}
    matrix = Matrix.from_json(kept)
    try:
        level = rules.required_level(inputs, matrix)
    except RuleBroken:
        return 1
    if name == "month":
        cap = matrix.cap("month", rules.Level(ruled.level)) if ruled.level in rules.GRADED else None
        return 1 if cap is not None and Decimal(ruled.forgone) > cap else 0
    return int(level) - ruled.required
