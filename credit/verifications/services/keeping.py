"""The directory of contacts that is independent of any paper."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.packs.rules import line, refuse
from credit.verifications import permissions, rules
from credit.verifications.choices import Kind
from credit.verifications.models import DirectoryContact

SHOWN = ("name", "channel", "address", "source", "checked_on", "is_used")


@transaction.atomic
def keep_contact(
    *, contact_id: int | None = None, version: int | None = None, actor: Any, now: dt.datetime, **values: Any
) -> DirectoryContact:
    """Add a contact, or change one. NotAllowed for others than editors and credit; RuleBroken at the field that is wrong; StaleVersion."""
    permissions.can_keep_directory(user=actor).require()
    if contact_id is None:
        contact = DirectoryContact()
    else:
        contact = DirectoryContact.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=contact_id)
        if version is not None:
            contact.claim(version, shown=SHOWN)
    for field, most in (("name", 200), ("address", 200), ("source", 300)):
        values[field] = line(values[field], most)
        if not values[field]:
            raise refuse(field, _("Fill this in."))
    if values["checked_on"] > now.date() + dt.timedelta(days=1):
        raise refuse("checked_on", _("A day that has been."))
    values["scac"] = rules.carrier_code(values.get("scac", "")) if values["kind"] == Kind.BILL else ""
    for field, value in values.items():
        setattr(contact, field, value)
    same = DirectoryContact.objects.filter(kind=contact.kind, name=contact.name, address=contact.address).exclude(pk=contact.pk)
    if same.exists():
        raise refuse("address", _("The directory has this contact."))
    contact.record(actor=actor, reason="keep")
    return contact
