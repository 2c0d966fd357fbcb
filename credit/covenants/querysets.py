"""Who may see which covenants, tests, waivers and events: whoever sees the pack (domain 1.2); and how a covenant stands on a day."""

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When

from credit.covenants.choices import Standing, State, TestState
from credit.packs.querysets import CREDIT, READERS_OF_ALL
from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import Role

WRITERS = (*CREDIT, Role.CAD)
"""Who writes covenants down and tests them: the credit department and credit administration."""
_PROPOSALS = (State.PROPOSED, State.REFUSED)
_OF_NEWEST = {
    TestState.WAIVED: Standing.WAIVED,
    TestState.MET: Standing.MET,
    TestState.CURED: Standing.MET,
}


class CovenantQuerySet(VisibleQuerySet[Any]):
    """Covenants."""

    def visible_to(self, user: Any) -> "CovenantQuerySet":
        """As the pack; what is only proposed is credit's and of those who read all. Nothing for other systems of the bank."""
        if not user.pk or user.actor.has_role(Role.SYS):
            return self.none()
        seen = self.filter(pack__in=self.model.pack_model().objects.visible_to(user))
        return seen if user.actor.has_role(*WRITERS, *READERS_OF_ALL) else seen.exclude(state__in=_PROPOSALS)

    def in_force(self) -> "CovenantQuerySet":
        """Confirmed and neither replaced nor ended."""
        return self.filter(state=State.IN_FORCE)

    def standing_on(self, today: dt.date) -> "CovenantQuerySet":
        """With `standing` (Standing), the worst of the tests first, and the end and value of the newest period."""
        tests = self.model._meta.get_field("tests").related_model._default_manager.filter(covenant=OuterRef("pk"))
        newest = tests.order_by("-ends_on")
        stands = [When(state__in=_PROPOSALS, then=Value(Standing.OFF.value))]
        for standing, test in (
            (Standing.BREACHED, Q(state=TestState.BREACHED)),
            (Standing.LATE, Q(state=TestState.WAITING, paper_due_on__lt=today)),
            (Standing.UNTESTABLE, Q(state=TestState.UNTESTABLE)),
            (Standing.TO_TEST, Q(state=TestState.RECEIVED)),
            (Standing.DUE, Q(state=TestState.WAITING)),
        ):
            stands.append(When(Exists(tests.filter(test)), then=Value(standing.value)))
        known = self.annotate(
            newest_state=Subquery(newest.values("state")[:1]),
            newest_ends_on=Subquery(newest.values("ends_on")[:1]),
            newest_value=Subquery(newest.values("value")[:1]),
        )
        stands.append(When(~Q(state=State.IN_FORCE), then=Value(Standing.OFF.value)))
        stands.extend(When(newest_state=state, then=Value(standing.value)) for state, standing in _OF_NEWEST.items())
        return known.annotate(standing=Case(*stands, default=Value(Standing.NEW.value), output_field=CharField()))


class CovenantPartQuerySet(VisibleQuerySet[Any]):
    """What belongs to a covenant: tests, waivers, events."""

    def visible_to(self, user: Any) -> "CovenantPartQuerySet":
        """As the covenant."""
        return self.filter(covenant__in=self.model.covenant_model().objects.visible_to(user))


class VoteQuerySet(VisibleQuerySet[Any]):
    """How members of the committee voted on a waiver: class R."""

    def visible_to(self, user: Any) -> "VoteQuerySet":
        """The credit department, head office, compliance and audit, of covenants that they see."""
        if not user.actor.has_role(*CREDIT, *READERS_OF_ALL):
            return self.none()
        return self.filter(covenant__in=self.model.covenant_model().objects.visible_to(user))
