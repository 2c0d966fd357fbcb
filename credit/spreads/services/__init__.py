"""What is done with spreads: begun, typed, loaded from a file, checked by a second person."""

from credit.spreads.services.checking import check_spread
from credit.spreads.services.entering import begin_spread, change_details, enter_period
from credit.spreads.services.loading import (
    Loaded,
    Reading,
    bring_file,
    load_file,
    preview,
    read_statements,
    reading_of,
    set_plan,
    take_over,
)

__all__ = [
    "Loaded",
    "Reading",
    "begin_spread",
    "bring_file",
    "change_details",
    "check_spread",
    "enter_period",
    "load_file",
    "preview",
    "read_statements",
    "reading_of",
    "set_plan",
    "take_over",
]
