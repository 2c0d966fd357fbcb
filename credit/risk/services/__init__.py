"""What is done about classes."""

from credit.risk.services.classing import classify
from credit.risk.services.moving import begin, downgrade
from credit.risk.services.proposing import propose, refuse, review, set_class, withdraw

__all__ = ["begin", "classify", "downgrade", "propose", "refuse", "review", "set_class", "withdraw"]
