"""Sending a note to colleagues: who gets a copy, and that they are told."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken
from crm.notifications.services import notify
from crm.visits.choices import COPIED
from crm.visits.models import Copy, Visit
from crm.visits.services.traces import PEOPLE_LIMIT


def who_gets_copies(*, ids: Sequence[int], actor: Any) -> list[Any]:
    """Colleagues, without the actor. RuleBroken for somebody who is none."""
    wanted = set(ids) - {actor.pk}
    people = list(get_user_model().objects.colleagues_of(actor).filter(pk__in=wanted).order_by("name_en", "pk")) if wanted else []
    if len(people) != len(wanted) or len(people) > PEOPLE_LIMIT:
        raise RuleBroken(_("Pick colleagues who work here now."), fields={"copies": _("Pick colleagues who work here now.")})
    return people


def send_copies(visit: Visit, people: Sequence[Any], *, actor: Any, now: dt.datetime) -> None:
    """Save who gets a copy, in place of whoever stood there before, and tell those who were not told. Who was there is saved already.

    RuleBroken for somebody who could not open it: a copy widens nobody's sight of a client.
    """
    for person in people:
        if not Visit.objects.visible_to(person).filter(pk=visit.pk).exists():
            sentence = _("%(name)s may not read notes on this company and cannot get a copy.") % {"name": person.name}
            raise RuleBroken(sentence, fields={"copies": sentence})
    visit.copies.all().delete()
    Copy.objects.bulk_create(Copy(visit=visit, user=person) for person in people)
    if people:
        line = format_lazy(_("{who} sent you a visit note: {company}"), who=actor.name, company=visit.company)
        ids, key = [person.pk for person in people], f"{COPIED}:{visit.pk}"
        notify(kind=COPIED, user_ids=ids, key=key, line=line, url=visit.get_absolute_url(), now=now)


def same_copies(visit: Visit, people: Sequence[Any]) -> bool:
    """Whether they are the ones who have one already."""
    return set(visit.copies.values_list("user_id", flat=True)) == {person.pk for person in people}
