"""Pages of spreads: the list, a spread with its figures, typing and loading, the check by a second person."""

from credit.spreads.views.figures import CompanySpread, SpreadLines, SpreadNeed, SpreadPast, SpreadRatios, SpreadStress
from credit.spreads.views.filing import FileBring, UploadMap
from credit.spreads.views.operations import DetailsChange, PeriodEnter, SpreadBegin, SpreadCheck
from credit.spreads.views.register import SpreadDetail, SpreadList

__all__ = [
    "CompanySpread",
    "DetailsChange",
    "FileBring",
    "PeriodEnter",
    "SpreadBegin",
    "SpreadCheck",
    "SpreadDetail",
    "SpreadLines",
    "SpreadList",
    "SpreadNeed",
    "SpreadPast",
    "SpreadRatios",
    "SpreadStress",
    "UploadMap",
]
