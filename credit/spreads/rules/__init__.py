"""The arithmetic of spreads: figures of a period, checks that tie, ratios, stress cases, projections, working-capital need.

Exact decimals throughout; nothing is rounded before it is shown. Figures in the spread's own unit.
"""

from credit.spreads.rules.checks import LABELS, Check, check_all
from credit.spreads.rules.figures import Figures, Source
from credit.spreads.rules.naming import refuse
from credit.spreads.rules.need import Need, NeedCase, working_capital_need
from credit.spreads.rules.projecting import Projected, Projection, project
from credit.spreads.rules.ratios import FORMULAS, Ratio, RatioKind, ratios, signs
from credit.spreads.rules.stress import Stressed, StressFigures, case_labels, stress

__all__ = [
    "FORMULAS",
    "LABELS",
    "Check",
    "Figures",
    "Need",
    "NeedCase",
    "Projected",
    "Projection",
    "Ratio",
    "RatioKind",
    "Source",
    "StressFigures",
    "Stressed",
    "case_labels",
    "check_all",
    "project",
    "ratios",
    "refuse",
    "signs",
    "stress",
    "working_capital_need",
]
