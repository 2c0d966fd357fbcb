"""Who may see which gifts, items and stock (domain 1.2, as hospitality; the counter sees what it issues)."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from crm.gifts.choices import HOLDS_ROOM, Direction, GiftState, ValueBasis
from crm.kernel.querysets import OwnedQuerySet, VisibleQuerySet
from crm.staff.choices import RELATIONSHIP_ROLES, Role

ALL_READERS = (Role.HO, Role.COMP, Role.AUD, Role.FIN)
STOCK_READERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, Role.OPS)
GONE = (GiftState.REFUSED, GiftState.CANCELLED)
NEAR = Decimal("0.95")
OFTEN = 3
SIGN = "sign_"
ROUND = tuple(Decimal(100 * hundreds) for hundreds in range(1, 101))
Caps = Mapping[str, Sequence[Decimal]]  # by jurisdiction
Span = tuple[dt.date, dt.date]  # of days, the last included
ISSUED_AT_THE_COUNTER = (GiftState.APPROVED, GiftState.ISSUED)


def centres_of(user: Any, *roles: str) -> list[int]:
    """The centres in which somebody holds one of these roles."""
    return [post.unit.centre_id for post in user.actor.posts if post.role in roles and post.unit.centre_id]


def is_bank_wide(user: Any) -> bool:
    """Serves the counter of the whole bank: a post of operations outside every centre."""
    return any(post.role == Role.OPS and not post.unit.centre_id for post in user.actor.posts)


class GiftQuerySet(OwnedQuerySet[Any]):
    """Gifts."""

    def visible_to(self, user: Any) -> "GiftQuerySet":
        """Own ones, those of one's team or centre; all for head office, compliance, finance and audit.

        The counter sees what it may issue; whoever covers a colleague's desk what waits there for a decision.
        """
        if user.actor.has_role(*ALL_READERS):
            return self.all()
        rows = self.within(user.actor.reach())
        tests = Q(pk__in=rows.values("pk")) if user.actor.reach().owner_id or not rows.query.is_empty() else Q()
        counters = centres_of(user, Role.OPS)
        if counters or is_bank_wide(user):
            at_the_counter = Q(direction=Direction.GIVEN, state__in=ISSUED_AT_THE_COUNTER, item__isnull=False)
            tests |= at_the_counter if is_bank_wide(user) else at_the_counter & Q(centre_id__in=counters)
        for post in user.actor.deciding_posts:
            if post not in user.actor.posts:
                tests |= Q(state=GiftState.REQUESTED, level=post.role) & (Q(team_id=post.unit_id) | Q(centre_id=post.unit_id))
        return self.filter(tests) if tests else self.none()

    def counting(self) -> "GiftQuerySet":
        """Gifts by us that count against a recipient's limits."""
        return self.filter(direction=Direction.GIVEN, state__in=HOLDS_ROOM)

    def worth_a_look(self, codes: Sequence[str], *, year: Span, caps: Caps) -> "GiftQuerySet":
        """Gifts that compliance looks at, by any of some signs: just under a cap of their jurisdiction, the same person often in a year."""
        test = Q()
        for code in codes:
            test |= _SIGNS[code](self.model, year, caps)
        return self.filter(test)

    def with_signs(self, *, year: Span, caps: Caps) -> "GiftQuerySet":
        """Each gift with `sign_near_cap`, `sign_often` and so on: which of all signs it bears."""
        return self.annotate(
            **{f"{SIGN}{code}": ExpressionWrapper(sign(self.model, year, caps), BooleanField()) for code, sign in _SIGNS.items()}
        )


def _just_under(model: Any, year: Span, caps: Caps) -> Q:
    test = Q()
    for jurisdiction, amounts in caps.items():
        for cap in amounts:
            test |= Q(value__range=(cap * NEAR, cap), centre__jurisdiction=jurisdiction)
    return test & Q(direction=Direction.GIVEN)


def _often(model: Any, year: Span, caps: Caps) -> Q:
    counted = model.objects.filter(on__range=year).exclude(state__in=GONE).order_by().values("person_key")
    return Q(person_key__in=counted.annotate(times=Count("pk")).filter(times__gte=OFTEN).values("person_key"))


_SIGNS: dict[str, Callable[[Any, Span, Caps], Q]] = {
    "near_cap": _just_under,
    "often": _often,
    "round": lambda model, year, caps: Q(basis=ValueBasis.ESTIMATE, value__in=ROUND),
    "late": lambda model, year, caps: Q(is_late=True),
    "refused": lambda model, year, caps: Q(taken_home=True, state=GiftState.REFUSED),
    "weekend": lambda model, year, caps: Q(on__iso_week_day__gte=6),
}


class GiftPartQuerySet(VisibleQuerySet[Any]):
    """Events of gifts: seen with their gift."""

    def visible_to(self, user: Any) -> "GiftPartQuerySet":
        """As the gift."""
        return self.filter(gift__in=self.model.gift_model().objects.visible_to(user))


class ItemQuerySet(VisibleQuerySet[Any]):
    """The catalogue."""

    def visible_to(self, user: Any) -> "ItemQuerySet":
        """One's own centre's; all for head office, compliance, finance and audit."""
        if user.actor.has_role(*ALL_READERS) or is_bank_wide(user):
            return self.all()
        return self.filter(centre_id__in=centres_of(user, *STOCK_READERS))

    def offered(self) -> "ItemQuerySet":
        """In use."""
        return self.filter(is_offered=True)


class MovementQuerySet(VisibleQuerySet[Any]):
    """Movements of stock."""

    def visible_to(self, user: Any) -> "MovementQuerySet":
        """As the item."""
        return self.filter(item__in=self.model.item_model().objects.visible_to(user))
