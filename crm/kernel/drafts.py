"""What a person is typing into a long form, kept at each pause until they save it: theirs alone, and no version of the record."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import DomainError, RuleBroken
from crm.kernel.querysets import VisibleQuerySet

MOST_CHARACTERS = 100_000
_KEEP = dt.timedelta(days=90)


class DraftMoved(DomainError):
    """The same person went on typing elsewhere meanwhile."""

    code = "draft_moved"


class DraftQuerySet(VisibleQuerySet[Any]):
    """Drafts of forms."""

    def visible_to(self, user: Any) -> Self:
        """Their writer’s alone, whoever heads them; nobody’s without a post."""
        return self.filter(owner_id=user.pk) if user.actor.posts else self.none()


class Draft(models.Model):
    """A form of one record as one person has typed it so far; seen by that person alone. Gone with the save, and after ninety days.

    It is written over at every pause, so there is no history of it. `version`: of the record, as it stood when the draft was begun;
    it stays, so that a save of somebody else's since is told each time. `edits` is counted up by each pause: two devices of one person
    do not write over each other.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=100, help_text="The form's address name and the record's id.")
    typed = models.JSONField(help_text="Values by field, as a browser sends them.")
    version = models.PositiveIntegerField(null=True)
    edits = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "place"], name="kernel_draft_once")]
        indexes = [models.Index(fields=["at"], name="kernel_draft_at")]

    def __str__(self) -> str:
        return self.place


@dataclass(frozen=True)
class Typed:
    """What a form holds at a pause: its values, the record's version that they were begun from, and which draft the form goes on with
    (its `edits`; 0 where it found none).
    """  # fmt: skip

    values: Mapping[str, list[str]]
    version: int | None
    edits: int


@transaction.atomic
def keep(place: str, typed: Typed, *, actor: Any, now: dt.datetime) -> Draft:
    """Write the actor's draft of a form over. DraftMoved where they went on elsewhere; RuleBroken where it is too long to be kept."""
    if sum(len(value) for values in typed.values.values() for value in values) > MOST_CHARACTERS:
        raise RuleBroken(_("This is too long to be kept as a draft. Save it in parts."), code="too_long")
    mine = Draft.objects.visible_to(actor).filter(place=place)
    if mine.filter(edits=typed.edits).update(typed=typed.values, at=now, edits=F("edits") + 1):
        return mine.get()
    if typed.edits == 0:
        try:
            with transaction.atomic():
                return Draft.objects.create(owner=actor, place=place, typed=typed.values, version=typed.version, at=now)
        except IntegrityError:
            pass  # Begun on another device in this moment, or before.
    same = mine.first()
    if same is not None and same.typed == typed.values:
        return same  # What a page sent as it was left, and its successor, which did not hear of it, sends again.
    raise DraftMoved(_("You went on with this draft elsewhere. Open the page again to see it; what you typed here is still here."))


def found(place: str, *, actor: Any) -> Draft | None:
    """The actor's draft of a form, if there is one."""
    return Draft.objects.visible_to(actor).filter(place=place).first()


def drop(place: str, typed: Typed, *, actor: Any) -> bool:
    """The actor saved it, or does not want it any more: the draft that the form goes on with, or one of the same words.

    What they typed elsewhere meanwhile stays. Returns whether nothing is left.
    """
    mine = Draft.objects.visible_to(actor).filter(place=place)
    draft = mine.first()
    if draft is None:
        return True
    if draft.edits != typed.edits and draft.typed != typed.values:
        return False
    return mine.filter(edits=draft.edits).delete()[0] > 0


def held(places: Iterable[str], *, actor: Any) -> set[str]:
    """In which of these forms the actor has a draft. One statement."""
    return set(Draft.objects.visible_to(actor).filter(place__in=list(places)).values_list("place", flat=True))


def carry(places: Mapping[str, tuple[str, int, int]]) -> None:
    """Drafts go along with records that are copied: {place: (the copy's place, version of the record, version of the copy)}.

    One that was begun from an older version than the record's is so for the copy too.
    """
    for draft in Draft.objects.filter(place__in=places):
        draft.place, record, copy = places[draft.place]
        draft.version = copy if draft.version == record else 0
        draft.save(update_fields=["place", "version"])


def forget_old(*, now: dt.datetime) -> int:
    """Drop drafts that nobody went on with for ninety days."""
    return Draft.objects.filter(at__lt=now - _KEEP).delete()[0]
