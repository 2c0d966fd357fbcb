"""How services load what they change: through the boundary, locked, and the reader's day."""

import datetime as dt
from typing import Any

from django.utils import timezone

from crm.companies.models import Company, Contact
from crm.kernel.errors import RuleBroken, Sentence


def locked_company(company_id: int, *, actor: Any) -> Company:
    """The company, locked, among those that the actor may see. Company.DoesNotExist where hidden or missing."""
    return Company.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=company_id)


def locked_contact(contact_id: int, *, actor: Any) -> Contact:
    """The person, locked, among those that the actor may see. Contact.DoesNotExist where hidden or missing.

    Locked without what hangs on it: PostgreSQL joins a row that it waited for with the others as they stood before.
    """
    locked = Contact.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=contact_id)
    return Contact.objects.select_related("company").get(pk=locked.pk)


def today_of(actor: Any, now: dt.datetime) -> dt.date:
    """The day in the zone of the actor's centre."""
    centre = actor.actor.centre
    return timezone.localdate(now, centre.zone if centre is not None else timezone.get_default_timezone())


def refuse(field: str, sentence: Sentence, *, code: str = RuleBroken.code) -> RuleBroken:
    """A refusal that stands beside one field of the form."""
    return RuleBroken(sentence, code=code, fields={field: sentence})
