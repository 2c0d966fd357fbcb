"""Who may see which concessions (domain 1.2, "Concession request")."""

import datetime as dt
from typing import Any

from django.db.models import Q

from crm.companies.models import Coverage
from crm.concessions.choices import CREDIT_KINDS, OPEN, STANDING, Level, ReviewState
from crm.kernel.querysets import OwnedQuerySet, VisibleQuerySet
from crm.staff.choices import Role


class ConcessionQuerySet(OwnedQuerySet[Any]):
    """Concessions."""

    def visible_to(self, user: Any) -> "ConcessionQuerySet":
        """Own ones and those of companies covered now; team, centre; all for head office, compliance, audit and finance.

        The credit approvers see the types that are theirs to stop; the business office what was sent to it. Who keeps another's desk sees
        what that desk decides.
        """
        actor = user.actor
        reach = actor.reach()
        if reach.everything or actor.has_role(Role.FIN):
            return self.all()
        test = Q(pk__in=())
        if reach.owner_id or reach.team_ids or reach.centre_ids:
            own = Q(owner_id=reach.owner_id) if reach.owner_id else Q(pk__in=())
            within = Q(team_id__in=reach.team_ids) | Q(centre_id__in=reach.centre_ids)
            test |= own | within | Q(company_id__in=Coverage.objects.current().within(reach).values("company_id"))
        if actor.has_role(Role.CO, Role.CC):
            test |= Q(kind__in=CREDIT_KINDS)
        if actor.has_role(Role.OPS):
            test |= Q(queue_level=Level.OPERATIONS) | Q(decided_level=Level.OPERATIONS)
        for post in actor.covered_posts:
            test |= Q(team_id=post.unit_id) if post.role == Role.TH else Q(centre_id=post.unit_id)
        return self.filter(test)

    def newest_first(self) -> "ConcessionQuerySet":
        """By the time at which they were asked for."""
        return self.order_by("-asked_at", "-pk")

    def open(self) -> "ConcessionQuerySet":
        """Asked for and not decided."""
        return self.filter(state__in=OPEN)

    def standing(self) -> "ConcessionQuerySet":
        """Granted and not over."""
        return self.filter(state__in=STANDING)

    def in_force_on(self, day: dt.date) -> "ConcessionQuerySet":
        """Open, or granted and not yet over on a day."""
        return self.filter(Q(state__in=OPEN) | Q(state__in=STANDING, sunset_on__gte=day))

    def to_review(self) -> "ConcessionQuerySet":
        """Exercises that wait for their review."""
        return self.filter(review_state=ReviewState.DUE)


class ConcessionPartQuerySet(VisibleQuerySet[Any]):
    """Events of concessions: seen with them."""

    def visible_to(self, user: Any) -> "ConcessionPartQuerySet":
        """As the concession."""
        return self.filter(concession__in=self.model.concession_model().objects.visible_to(user))


class RulingQuerySet(ConcessionPartQuerySet):
    """Rulings with all that they were worked out from. Class R."""

    def visible_to(self, user: Any) -> "RulingQuerySet":
        """Compliance, audit and head office."""
        return self.all() if user.actor.has_role(Role.COMP, Role.AUD, Role.HO) else self.none()


class ProbeQuerySet(VisibleQuerySet[Any]):
    """Who looked whose decision a concession would be."""

    def visible_to(self, user: Any) -> "ProbeQuerySet":
        """Compliance and audit."""
        return self.all() if user.actor.has_role(Role.COMP, Role.AUD) else self.none()


class StandingQuerySet(VisibleQuerySet[Any]):
    """Declared conflicts of interest, and suspensions of authority."""

    def visible_to(self, user: Any) -> "StandingQuerySet":
        """One's own; heads those of their people; head office, compliance and audit all."""
        if user.actor.has_role(Role.COMP, Role.AUD, Role.HO):
            return self.all()
        if not user.actor.posts:
            return self.none()
        test = Q(person_id=user.pk)
        for post in user.actor.posts:
            if post.role == Role.TH:
                test |= Q(unit_id=post.unit_id)
            elif post.role == Role.RCH:
                test |= Q(unit__centre_id=post.unit_id)
        return self.filter(test)

    def current(self, now: dt.datetime) -> "StandingQuerySet":
        """Not ended at this moment."""
        return self.filter(Q(until=None) | Q(until__gt=now), since__lte=now)
