"""The pages of decisions."""

from credit.decisions.views.conditions import ConditionCheck, ConditionPropose, ConditionShow, ConditionTakeBack, ConditionWaive
from credit.decisions.views.deciding import (
    Appeal,
    Decide,
    DeferralAnswer,
    MotionClose,
    MotionPut,
    PassUp,
    Route,
    VoteCast,
)
from credit.decisions.views.following import Accept, Cancel, GoLive, LetterDraw, LetterPdf, Offer, Restore, Suspend

__all__ = [
    "Accept",
    "Appeal",
    "Cancel",
    "ConditionCheck",
    "ConditionPropose",
    "ConditionShow",
    "ConditionTakeBack",
    "ConditionWaive",
    "Decide",
    "DeferralAnswer",
    "GoLive",
    "LetterDraw",
    "LetterPdf",
    "MotionClose",
    "MotionPut",
    "Offer",
    "PassUp",
    "Restore",
    "Route",
    "Suspend",
    "VoteCast",
]
