"""Operations on concessions."""

from crm.concessions.services.asking import Order, answer_question, exercise_concession, request_concession, withdraw
from crm.concessions.services.deciding import Decision, decide, escalate, say_credit
from crm.concessions.services.looking import TryLater, look_at_level, note_look
from crm.concessions.services.reviewing import review
from crm.concessions.services.standing import declare_conflict, end_conflict, lift_suspension, suspend
from crm.concessions.services.telling import Reply, apply, keep_promise, revoke, tell, write_confirmation
from crm.concessions.services.watching import watch

__all__ = [
    "Decision",
    "Order",
    "Reply",
    "TryLater",
    "answer_question",
    "apply",
    "decide",
    "declare_conflict",
    "end_conflict",
    "escalate",
    "exercise_concession",
    "keep_promise",
    "lift_suspension",
    "look_at_level",
    "note_look",
    "request_concession",
    "review",
    "revoke",
    "say_credit",
    "suspend",
    "tell",
    "watch",
    "withdraw",
    "write_confirmation",
]
