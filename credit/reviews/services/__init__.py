"""What is done with packs in review."""

from credit.reviews.services.asking import accept, answer, draft_question, reopen, resume, send_questions, withdraw_question
from credit.reviews.services.assigning import assign, rate, return_pack
from credit.reviews.services.clocks import stop_clocks
from credit.reviews.services.memos import check_facts, freeze_memo, send_facts, start_memo, write_memo
from credit.reviews.services.watching import watch

__all__ = [
    "accept",
    "answer",
    "assign",
    "check_facts",
    "draft_question",
    "freeze_memo",
    "rate",
    "reopen",
    "resume",
    "return_pack",
    "send_facts",
    "send_questions",
    "start_memo",
    "stop_clocks",
    "watch",
    "withdraw_question",
    "write_memo",
]
