"""What is done about decisions."""

from credit.decisions.services.conditions import check_condition, propose_condition, show_condition, take_condition_back, waive_condition
from credit.decisions.services.deciding import decide, pass_up
from credit.decisions.services.following import accept, go_live, lapse
from credit.decisions.services.letters import draw_letter, keep_letter, offer, prepare_letter
from credit.decisions.services.living import age, cancel, restore, suspend
from credit.decisions.services.reminding import remind
from credit.decisions.services.routing import answer_deferral, appeal, route
from credit.decisions.services.voting import close_motion, put_motion, vote

__all__ = [
    "accept",
    "age",
    "answer_deferral",
    "appeal",
    "cancel",
    "check_condition",
    "close_motion",
    "decide",
    "draw_letter",
    "go_live",
    "keep_letter",
    "lapse",
    "offer",
    "pass_up",
    "prepare_letter",
    "propose_condition",
    "put_motion",
    "remind",
    "restore",
    "route",
    "show_condition",
    "suspend",
    "take_condition_back",
    "vote",
    "waive_condition",
]
