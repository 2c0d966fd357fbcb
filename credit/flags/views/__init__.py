"""Pages of red flags: the board, one flag and what is done about it, what the news suggests, a client's panel."""

from credit.flags.views.acting import FlagAnswer, FlagClose, FlagKeep, FlagRaise, FlagRead, SuggestionRefuse, SuggestionTake
from credit.flags.views.pages import CompanyFlags, EvidenceDownload, FlagBoard, FlagDetail, Suggestions

__all__ = [
    "CompanyFlags",
    "EvidenceDownload",
    "FlagAnswer",
    "FlagBoard",
    "FlagClose",
    "FlagDetail",
    "FlagKeep",
    "FlagRaise",
    "FlagRead",
    "SuggestionRefuse",
    "SuggestionTake",
    "Suggestions",
]
