"""Pages of reviews: the intake, assignment, rating, memo and fact check, questions."""

from credit.reviews.views.asking import (
    EvidenceDownload,
    QuestionAccept,
    QuestionAnswer,
    QuestionDraft,
    QuestionReopen,
    Questions,
    QuestionsSend,
    QuestionWithdraw,
    Resume,
)
from credit.reviews.views.reviewing import (
    Assign,
    FactsCheck,
    FactsSend,
    Intake,
    IntakeCard,
    MemoStart,
    MemoWrite,
    PackReturn,
    Rate,
    TakeNext,
)

__all__ = [
    "Assign",
    "EvidenceDownload",
    "FactsCheck",
    "FactsSend",
    "Intake",
    "IntakeCard",
    "MemoStart",
    "MemoWrite",
    "PackReturn",
    "QuestionAccept",
    "QuestionAnswer",
    "QuestionDraft",
    "QuestionReopen",
    "QuestionWithdraw",
    "Questions",
    "QuestionsSend",
    "Rate",
    "Resume",
    "TakeNext",
]
