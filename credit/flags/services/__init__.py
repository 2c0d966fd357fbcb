"""What is done about red flags."""

from credit.flags.services.answering import answer, read_off
from credit.flags.services.automatic import nightly
from credit.flags.services.closing import close, keep_open
from credit.flags.services.evidence import keep_evidence
from credit.flags.services.gathering import missing_figures
from credit.flags.services.raising import raise_flag
from credit.flags.services.suggesting import refuse_suggestion, suggest_from_news, take_suggestion
from credit.flags.services.watching import watch

__all__ = [
    "answer",
    "close",
    "keep_evidence",
    "keep_open",
    "missing_figures",
    "nightly",
    "raise_flag",
    "read_off",
    "refuse_suggestion",
    "suggest_from_news",
    "take_suggestion",
    "watch",
]
