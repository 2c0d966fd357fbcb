"""Who may see which papers of packs."""

import datetime as dt
from typing import Any

from django.db.models import Q

from credit.checklists.choices import EditionState, ItemState
from credit.packs.querysets import VersionPartQuerySet
from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import RELATIONSHIP_ROLES, Role

CHECKERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH)


OWN_PAPER_READERS = (Role.HO, Role.EDIT, Role.COMP, Role.AUD)


class OwnPaperQuerySet(VisibleQuerySet[Any]):
    """Editions of papers of the bank's own."""

    def visible_to(self, user: Any) -> "OwnPaperQuerySet":
        """Head office, content editors, compliance and audit. What a pack asks for is seen with the pack."""
        return self.all() if user.pk and user.actor.has_role(*OWN_PAPER_READERS) else self.none()

    def waiting(self) -> "OwnPaperQuerySet":
        """Not decided yet."""
        return self.filter(state=EditionState.PROPOSED)

    def approved_by(self, day: dt.date) -> "OwnPaperQuerySet":
        """Approved editions that began on a day or before, the one that holds last of each code."""
        return self.filter(state=EditionState.APPROVED, effective_from__lte=day).order_by("code", "effective_from", "pk")


def of_colleagues(user: Any) -> Q:
    """Drafts of the teams that a person works in: their papers wait for a second pair of eyes."""
    teams = [post.unit_id for post in user.actor.posts if post.role in CHECKERS]
    return Q(version__state="draft", version__pack__team_id__in=teams) if teams else Q(pk__in=[])


class PaperQuerySet(VersionPartQuerySet):
    """Papers of versions."""

    def visible_to(self, user: Any) -> "PaperQuerySet":
        """As the version; and to colleagues of the same team while it waits to be checked by a second person."""
        waits = Q(state=ItemState.RECEIVED, is_wanted=True) & of_colleagues(user)
        return self.filter(Q(version__in=self.model.version_model().objects.visible_to(user)) | waits)

    def found(self, text: str, companies: Any) -> "PaperQuerySet":
        """By the pack's company, or the beginning of its number."""
        return self.filter(Q(version__pack__number__istartswith=text) | Q(version__pack__company__in=companies))

    def waiting_for(self, user: Any) -> "PaperQuerySet":
        """What waits for a second person that is not this one. Narrow it to those that they see."""
        waits = Q(state=ItemState.RECEIVED, is_wanted=True, version__state="draft")
        return self.filter(waits).exclude(received_by_id=user.pk)


class DocumentQuerySet(VersionPartQuerySet):
    """Documents of versions."""

    def visible_to(self, user: Any) -> "DocumentQuerySet":
        """As the version; and to colleagues who may check a paper that it is for."""
        waits = Q(uses__item__state=ItemState.RECEIVED) & of_colleagues(user)
        seen = self.filter(Q(version__in=self.model.version_model().objects.visible_to(user)) | waits)
        return seen.distinct()
