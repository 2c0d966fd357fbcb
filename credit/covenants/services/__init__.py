"""What is done about covenants."""

from credit.covenants.services.nightly import nightly
from credit.covenants.services.terms import confirm, propose, refuse
from credit.covenants.services.testing import cure, receive_paper, record_result
from credit.covenants.services.waiving import ask_waiver, close_waiver, decide_waiver, vote_on_waiver

__all__ = [
    "ask_waiver",
    "close_waiver",
    "confirm",
    "cure",
    "decide_waiver",
    "nightly",
    "propose",
    "receive_paper",
    "record_result",
    "refuse",
    "vote_on_waiver",
]
