"""Who asks for gifts, declares, consents, decides, issues, hands over, and keeps the catalogue."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.companies.permissions import BUSINESS_ROLES, covers
from crm.gifts.choices import Direction, GiftState
from crm.gifts.models import Gift, GiftItem
from crm.gifts.querysets import ALL_READERS, STOCK_READERS, is_bank_wide
from crm.gifts.rules import LADDER
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role

GIVERS = (*BUSINESS_ROLES, Role.HO)
ISSUERS = (Role.OPS, Role.TH, Role.RCH)
KEEPERS = (Role.RCH, Role.HO, Role.FIN)


def can_read_gifts(*, user: Any) -> Permission:
    """Who gives, decides, issues or oversees."""
    if user.actor.has_role(*GIVERS, *ALL_READERS, Role.OPS):
        return ALLOWED
    return denied(_("The gift register is for those who give, decide, issue and oversee gifts."))


def can_read_exceptions(*, user: Any) -> Permission:
    """What stands out in the register: finance, compliance, head office, audit."""
    return ALLOWED if user.actor.has_role(*ALL_READERS) else denied(_("Compliance, finance, head office and audit read this."))


def is_giver(user: Any) -> bool:
    """Holds a post in which gifts are given and received."""
    return bool(user.actor.has_role(*GIVERS))


def can_give(*, user: Any, company: Company) -> Permission:
    """Whoever looks after the company, their heads, and head office."""
    if not is_giver(user):
        return denied(_("Gifts are given by relationship managers, their heads and head office."))
    if user.actor.has_role(Role.HO) or covers(user=user, company=company):
        return ALLOWED
    return denied(_("Neither you nor your team looks after this company."))


def can_give_with(user: Any, record: Any) -> Permission:
    """`can_give` for a company, or whatever belongs to one, as a record's button asks it."""
    return can_give(user=user, company=getattr(record, "company", record))


def can_consent(*, user: Any, gift: Gift) -> Permission:
    """Compliance, before anybody decides."""
    if not gift.waits_for_consent:
        return denied(_("Nothing here waits for compliance."))
    if gift.owner_id == user.pk:
        return denied(_("Nobody decides their own gift."))
    if not any(post.role == Role.COMP for post in user.actor.deciding_posts):
        return denied(_("Compliance consents to this."))
    return ALLOWED


def can_decide(*, user: Any, gift: Gift) -> Permission:
    """The head whom it was sent to, or one further up; never the giver or receiver."""
    if gift.state != GiftState.REQUESTED:
        return denied(_("This is decided already."))
    if gift.owner_id == user.pk:
        return denied(_("Nobody decides their own gift."))
    if gift.waits_for_consent:
        return denied(_("Compliance has to consent first."))
    return ALLOWED if deciding_post(user, gift) is not None else denied(_("This is for the head whom it was sent to."))


def deciding_post(user: Any, gift: Gift) -> Any:
    """The post in which somebody may decide a gift: of its level or above, over its owner's team or centre. None where there is none."""
    fitting = [post for post in user.actor.deciding_posts if post.role in LADDER[LADDER.index(gift.level) :] and _is_over(post, gift)]
    return max(fitting, key=lambda post: post.grade, default=None)


def _is_over(post: Any, gift: Gift) -> bool:
    unit_id = {Role.TH: gift.team_id, Role.RCH: gift.centre_id}.get(post.role)
    return post.role == Role.HO or (unit_id is not None and post.unit_id == unit_id)


def can_issue(*, user: Any, gift: Gift) -> Permission:
    """A colleague of the counter, or a head, of the same centre: never who gives it away."""
    if gift.direction != Direction.GIVEN or gift.state != GiftState.APPROVED or gift.item_id is None:
        return denied(_("Only an approved gift is issued from stock."))
    if gift.owner_id == user.pk:
        return denied(_("Whoever gives it does not issue it from stock."))
    if is_bank_wide(user) or any(
        post.role in ISSUERS and gift.centre_id in (post.unit_id, post.unit.centre_id) for post in user.actor.posts
    ):
        return ALLOWED
    return denied(_("The counter or a head of the same centre issues gifts from stock."))


def can_hand_over(*, user: Any, gift: Gift) -> Permission:
    """The giver, once it was issued."""
    if gift.owner_id != user.pk:
        return denied(_("Only who gives it says so."))
    return ALLOWED if gift.state == GiftState.ISSUED else denied(_("It has to be issued from stock first."))


def can_cancel(*, user: Any, gift: Gift) -> Permission:
    """The giver, until it is handed over."""
    if gift.owner_id != user.pk or gift.direction != Direction.GIVEN or gift.taken_home:
        return denied(_("Only who gives it says so."))
    if gift.state in (GiftState.REQUESTED, GiftState.APPROVED, GiftState.ISSUED):
        return ALLOWED
    return denied(_("This is over already."))


def can_dispose(*, user: Any, gift: Gift) -> Permission:
    """Who received it, once it may be kept or must go back."""
    if gift.owner_id != user.pk or gift.direction != Direction.RECEIVED:
        return denied(_("Only who received it says what became of it."))
    if gift.state in (GiftState.APPROVED, GiftState.TO_RETURN):
        return ALLOWED
    return denied(_("It waits for a decision, or this is over already."))


def can_read_catalogue(*, user: Any) -> Permission:
    """Who gives, issues or oversees."""
    if user.actor.has_role(*STOCK_READERS, *ALL_READERS):
        return ALLOWED
    return denied(_("The catalogue is for those who give and issue gifts."))


def can_keep_catalogue(*, user: Any) -> Permission:
    """Centre heads for their centre; head office and finance for all."""
    return ALLOWED if user.actor.has_role(*KEEPERS) else denied(_("Centre heads, head office and finance keep the catalogue."))


def can_keep_item(*, user: Any, item: GiftItem) -> Permission:
    """As `can_keep_catalogue`, of this centre."""
    if user.actor.has_role(Role.HO, Role.FIN) or any(post.role == Role.RCH and post.unit_id == item.centre_id for post in user.actor.posts):
        return ALLOWED
    return denied(_("Centre heads, head office and finance keep the catalogue."))


def can_count_stock(*, user: Any, item: GiftItem) -> Permission:
    """The counter and the head of the item's centre write down what came in or was lost."""
    if is_bank_wide(user) or any(
        post.role in (Role.OPS, Role.RCH) and item.centre_id in (post.unit_id, post.unit.centre_id) for post in user.actor.posts
    ):
        return ALLOWED
    return denied(_("The counter or the head of the centre counts the stock."))
