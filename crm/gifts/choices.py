"""Directions, states, occasions and kinds of gifts; which state leads to which."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Direction(models.TextChoices):
    """Who gave to whom."""

    GIVEN = "given", _("Given by us")
    RECEIVED = "received", _("Received by us")


class GiftState(models.TextChoices):
    """Where a gift stands. One received is permitted, then disposed of; one given is approved, issued from stock, then handed over."""

    REQUESTED = "requested", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    ISSUED = "issued", _("Issued from stock")
    GIVEN = "given", _("Handed over")
    DECLINED = "declined", _("Declined")
    REFUSED = "refused", pgettext_lazy("of a gift", "Refused")
    CANCELLED = "cancelled", pgettext_lazy("of a gift", "Cancelled")
    TO_RETURN = "to_return", _("To be returned")
    CLOSED = "closed", pgettext_lazy("of a gift", "Closed")


GIFT_TRANSITIONS: dict[str, set[str]] = {
    GiftState.REQUESTED: {GiftState.APPROVED, GiftState.GIVEN, GiftState.REFUSED, GiftState.CANCELLED, GiftState.TO_RETURN},
    GiftState.APPROVED: {GiftState.ISSUED, GiftState.CANCELLED, GiftState.CLOSED},
    GiftState.ISSUED: {GiftState.GIVEN, GiftState.DECLINED, GiftState.CANCELLED},
    GiftState.TO_RETURN: {GiftState.CLOSED},
    GiftState.GIVEN: set(),
    GiftState.DECLINED: set(),
    GiftState.REFUSED: set(),
    GiftState.CANCELLED: set(),
    GiftState.CLOSED: set(),
}

HOLDS_ROOM = (GiftState.APPROVED, GiftState.ISSUED, GiftState.GIVEN)
"""States in which a gift by us counts against the recipient's limits."""


class Occasion(models.TextChoices):
    """What a gift is for (domain 4.7). Without one of these there is no gift."""

    OPENING = "opening", _("Opening of a business")
    RELOCATION = "relocation", _("Relocation")
    LISTING = "listing", _("Listing")
    ANNIVERSARY = "anniversary", _("Anniversary")
    WEDDING = "wedding", _("Wedding of client or child")
    BIRTH = "birth", _("Birth of a child")
    FESTIVAL = "festival", _("Festival")
    SYMPATHY = "sympathy", _("Sympathy")
    SOUVENIR = "souvenir", _("Souvenir of a visit")


class Category(models.TextChoices):
    """What kind of thing it is. What is as good as cash is never given, and received only to be declined or returned."""

    PROMOTIONAL = "promotional", _("Promotional item")
    FOOD = "food", _("Food or drink")
    STATIONERY = "stationery", _("Stationery")
    HOUSEHOLD = "household", _("For the household")
    CULTURE = "culture", _("Book or culture")
    OTHER = "other", pgettext_lazy("kind of gift", "Other")
    CASH_LIKE = "cash_like", _("Cash or as good as cash")


class Quality(models.TextChoices):
    """How good an item is; poor ones are not stocked."""

    STANDARD = "standard", _("Standard")
    GOOD = "good", _("Good")
    FINE = "fine", _("Fine")


class Relation(models.TextChoices):
    """What the person on the other side is to the company."""

    OWNER = "owner", _("Owner or director")
    MANAGER = "manager", _("Manager")
    STAFF = "staff", _("Member of staff")
    FAMILY = "family", _("Family of one of them")
    OTHER = "other", pgettext_lazy("relation", "Other")


class ValueBasis(models.TextChoices):
    """How the value is known."""

    COST = "cost", _("Cost of the catalogue")
    RECEIPT = "receipt", _("Receipt")
    ESTIMATE = "estimate", _("Estimate, from shop prices")


class Disposal(models.TextChoices):
    """What became of a gift that was received."""

    KEPT = "kept", _("Kept")
    SHARED = "shared", _("Shared in the office")
    RAFFLED = "raffled", _("Raffled")
    DONATED = "donated", _("Donated")
    RETURNED = "returned", _("Returned to the giver")


class MovementKind(models.TextChoices):
    """Why a stock changed."""

    IN = "in", _("Came in")
    ISSUE = "issue", _("Issued")
    BACK = "back", _("Came back")
    LOSS = "loss", _("Lost or spoilt")


class GiftAct(models.TextChoices):
    """What was done with a gift, for its event row."""

    REQUEST = "request", _("Asked for")
    DECLARE = "declare", _("Declared")
    CONSENT = "consent", _("Consented to by compliance")
    APPROVE = "approve", _("Approved")
    REFUSE = "refuse", _("Refused")
    PASS_UP = "pass_up", _("Passed up")
    ISSUE = "issue", _("Issued from stock")
    GIVE = "give", _("Handed over")
    DECLINE = "decline", _("Declined")
    CANCEL = "cancel", _("Cancelled")
    DISPOSE = "dispose", _("Disposed of")


class GiftWork:
    """Kinds of work items."""

    DECIDE = "gift_decide"
    CONSENT = "gift_consent"
    ISSUE = "gift_issue"
    DISPOSE = "gift_dispose"


NEVER = "gifts.never"
"""The policy table with words of what the bank neither gives nor pays for. Its keys: never a gift; nor paid for; places."""
AS_GIFT, ANYWHERE, PLACES = "", "anywhere", "places"

SIGNS = {
    "near_cap": _("Just under the cap"),
    "often": _("Same person three times in a year"),
    "round": _("Round value, by estimate"),
    "late": _("Declared late"),
    "refused": _("Taken home without permission"),
    "weekend": _("On a weekend"),
}
"""What compliance looks at, by the code of its test (`crm.gifts.querysets`)."""
