"""Files opened and frozen by themselves; what people write into them; who reads them; the committee on a frozen file."""

from credit.accountability.services.freezing import freeze, hear_class
from credit.accountability.services.judging import answer, close_vote, convene, object_once, vote
from credit.accountability.services.keeping import bring_paper, note_reading, open_file, watch, write_entry

__all__ = [
    "answer",
    "bring_paper",
    "close_vote",
    "convene",
    "freeze",
    "hear_class",
    "note_reading",
    "object_once",
    "open_file",
    "vote",
    "watch",
    "write_entry",
]
