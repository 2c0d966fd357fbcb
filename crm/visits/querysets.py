"""Who may see which visits (domain 1.2, "Visit, call notes") and the narrowings of lists."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In

from crm.companies.models import Coverage
from crm.companies.querysets import Among
from crm.kernel.querysets import OwnedQuerySet, Reach, VisibleQuerySet, one_of
from crm.visits.choices import FACE_TO_FACE, Purpose, VisitKind, VisitState


def _made_within(reach: Reach) -> Q:
    """Visits by the person, by their teams, by their centres: what a visit says of itself."""
    return reduce(or_, (one_of(name, ids) for name, ids in _columns(reach)))


def _columns(reach: Reach) -> list[tuple[str, Sequence[int]]]:
    own = [reach.owner_id] if reach.owner_id else []
    return [(name, ids) for name, ids in (("owner_id", own), ("team_id", reach.team_ids), ("centre_id", reach.centre_ids)) if ids]


def _visited_elsewhere(reach: Reach) -> QuerySet[Any]:
    """The companies covered within reach that may have visits made outside it.

    What one of the centres covers has some only where another centre visited too, which its coverage says (`services.elsewhere`). What is
    one's own or a team's in a centre that one does not read is asked as a whole.
    """
    test = Q(centre_id__in=reach.centre_ids, visited_elsewhere=True)
    for name, ids in _columns(reach):
        if name != "centre_id":
            test |= Q(**{f"{name}__in": ids}) & ~Q(centre_id__in=reach.centre_ids)
    return Coverage.objects.current().filter(test).values("company_id")


class VisitQuerySet(OwnedQuerySet[Any]):
    """Visits and calls."""

    def visible_to(self, user: Any) -> "VisitQuerySet":
        """Own and attended ones and all of the companies covered now; team, centre; all for head office, compliance and audit."""
        reach = user.actor.reach()
        if reach.everything:
            return self.all()
        if not (reach.owner_id or reach.team_ids or reach.centre_ids):
            return self.none()
        attended = self._attended(user)
        covered = Q(company_id__in=Coverage.objects.current().within(reach).values("company_id"))
        if reach.centre_ids:
            return self.filter(_made_within(reach) | Q(pk__in=attended) | covered)
        # One's own and a team's are few in a large bank: each kind is found by its index. PostgreSQL would read all visits for an OR.
        mine = (one_of(name, ids) for name, ids in _columns(reach))
        found = (self.model.objects.order_by().filter(test).values("pk") for test in (covered, *mine))
        return self.filter(pk__in=attended.union(*found, all=True))

    def in_order_for(self, user: Any) -> "VisitQuerySet":
        """As `visible_to`, for pages that most visits pass: a centre's are read in the order of the page until it is full.

        With a bare column SQLite would gather all of them by index first, and sort; which is right where few pass.
        """
        reach = user.actor.reach()
        if reach.everything or not reach.centre_ids:
            return self.visible_to(user)
        mine = (Q(In(F(name) + 0, ids)) for name, ids in _columns(reach))
        covered = Q(company_id__in=Coverage.objects.current().within(reach).values("company_id"))
        return self.filter(reduce(or_, mine) | Q(pk__in=self._attended(user)) | covered)

    def parts_for(self, user: Any) -> "Sequence[VisitQuerySet]":
        """What `visible_to` holds, in parts that share no visit. A centre's are many: an index counts each part, and gives it in order."""
        reach = user.actor.reach()
        if reach.everything or not reach.centre_ids:
            return (self.visible_to(user),)
        parts, elsewhere = [], self.all()
        for name, ids in _columns(reach):
            for one in ids:
                parts.append(elsewhere.filter(**{name: one}))
                elsewhere = elsewhere.exclude(**{name: one})
        others = Q(Among("company_id", _visited_elsewhere(reach))) | Q(Among("pk", self._attended(user)))
        return (*parts, elsewhere.filter(others))

    def _attended(self, user: Any) -> Any:
        return self.model.bank_attendee_model().objects.filter(user_id=user.pk).values("visit_id")

    def done(self) -> "VisitQuerySet":
        """Took place."""
        return self.filter(state=VisitState.DONE)

    def planned(self) -> "VisitQuerySet":
        """Still to come, or not yet logged."""
        return self.filter(state=VisitState.PLANNED)

    def reached(self) -> "VisitQuerySet":
        """Somebody was spoken to: all but calls that nobody took."""
        return self.done().exclude(kind=VisitKind.CALL, two_way=False)

    def met(self) -> "VisitQuerySet":
        """Counts as a visit: face to face, and more than courtesy (domain 3.2)."""
        return self.done().filter(kind__in=FACE_TO_FACE).exclude(purpose=Purpose.COURTESY)

    def unsigned(self) -> "VisitQuerySet":
        """Waits for the team head's signature."""
        return self.filter(needs_sign_off=True, signed_off_at=None)

    def newest_first(self) -> "VisitQuerySet":
        """By the time at which it happened, or is planned."""
        return self.order_by(F("at").desc(), "-pk")


class VisitPartQuerySet(VisibleQuerySet[Any]):
    """Attendees, promises, addenda and attachments: seen with their visit."""

    def visible_to(self, user: Any) -> "VisitPartQuerySet":
        """As the visit."""
        return self.filter(visit__in=self.model.visit_model().objects.visible_to(user))


class PromiseQuerySet(VisitPartQuerySet):
    """What the bank promised."""

    def visible_to(self, user: Any) -> "PromiseQuerySet":
        """With their visit; and to the colleague who has to keep it."""
        if not user.actor.posts:
            return self.none()
        return self.filter(Q(visit__in=self.model.visit_model().objects.visible_to(user)) | Q(owner_id=user.pk))
