"""Pages of accountability files: the list, one of them, its papers; the committee."""

from credit.accountability.views.files import EntryWrite, FileDetail, FileList, FileOfPack, FrozenPdf, PaperDownload
from credit.accountability.views.judging import Answer, CloseVote, Convene, Object, Vote

__all__ = [
    "Answer",
    "CloseVote",
    "Convene",
    "EntryWrite",
    "FileDetail",
    "FileList",
    "FileOfPack",
    "FrozenPdf",
    "Object",
    "PaperDownload",
    "Vote",
]
