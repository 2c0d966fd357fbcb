"""Operations on the papers of packs."""

from credit.checklists.services.asking import write_request
from credit.checklists.services.editing import Edition, approve_paper, propose_paper, refuse_paper, withdraw_paper
from credit.checklists.services.filing import receive_file
from credit.checklists.services.papers import (
    Received,
    ask_again,
    check_paper,
    leave_out,
    receive_papers,
    remove_document,
    request_papers,
    send_back_paper,
    use_document,
)
from credit.checklists.services.waiving import ask_waiver, decide_waiver
from credit.checklists.services.watching import remind

__all__ = [
    "Edition",
    "Received",
    "approve_paper",
    "ask_again",
    "ask_waiver",
    "check_paper",
    "decide_waiver",
    "leave_out",
    "propose_paper",
    "receive_file",
    "receive_papers",
    "refuse_paper",
    "remind",
    "remove_document",
    "request_papers",
    "send_back_paper",
    "use_document",
    "withdraw_paper",
    "write_request",
]
