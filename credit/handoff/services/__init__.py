"""Operations of the handoff: submitted and sealed, endorsed, sent back, passed up."""

from credit.handoff.services.endorsing import decide, escalate
from credit.handoff.services.submitting import submit_for_endorsement

__all__ = ["decide", "escalate", "submit_for_endorsement"]
