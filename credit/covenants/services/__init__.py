"""What is done about covenants."""

from credit.covenants.services.nightly import nightly
from credit.covenants.services.terms import confirm, propose, refuse
from credit.covenants.services.testing import cure, receive_paper, record_result
from credit.covenants.services.waiving import ask_waiver, decide_waiver

__all__ = ["ask_waiver", "confirm", "cure", "decide_waiver", "nightly", "propose", "receive_paper", "record_result", "refuse"]
