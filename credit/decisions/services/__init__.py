"""What is done about decisions."""

from credit.decisions.services.conditions import check_condition, propose_condition, show_condition, take_condition_back, waive_condition
from credit.decisions.services.deciding import decide, pass_up
from credit.decisions.services.following import accept, go_live, lapse, offer
from credit.decisions.services.routing import answer_deferral, appeal, route
from credit.decisions.services.voting import close_motion, put_motion, vote

__all__ = [
    "accept",
    "answer_deferral",
    "appeal",
    "check_condition",
    "close_motion",
    "decide",
    "go_live",
    "lapse",
    "offer",
    "pass_up",
    "propose_condition",
    "put_motion",
    "route",
    "show_condition",
    "take_condition_back",
    "vote",
    "waive_condition",
]
