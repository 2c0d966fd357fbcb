"""People of companies: what we know of them, what they consented to and refused, and that they have left."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import Channel, ConsentBasis
from crm.companies.indexing import rebuild_contact_keys
from crm.companies.models import Contact
from crm.companies.permissions import can_add_contact, can_change_contact
from crm.companies.rules import CONTACT_FACTS, is_mail_address, one_line, wrong_birthday
from crm.companies.services.locking import locked_company, locked_contact, refuse, today_of
from crm.companies.services.telling import tell
from crm.kernel.names.keys import typed_key

CONTACT_ADDED, CONTACT_LEFT = "contact_added", "contact_left"


@transaction.atomic
def add_contact(*, company_id: int, facts: Mapping[str, Any], actor: Any, now: dt.datetime) -> Contact:
    """Add a person to a company that the actor looks after; `facts` by the names of `CONTACT_FACTS`.

    Company.DoesNotExist where hidden; NotAllowed; RuleBroken without a name, for a birthday without consent, for consent without its day.
    """
    company = locked_company(company_id, actor=actor)
    can_add_contact(user=actor, company=company).require()
    contact = Contact(company=company)
    _fill(contact, facts, today=today_of(actor, now))
    contact.record(actor=actor)
    rebuild_contact_keys([contact])
    _tell(contact, CONTACT_ADDED, actor=actor, now=now)
    return contact


@transaction.atomic
def change_contact(*, contact_id: int, version: int | None, changes: Mapping[str, Any], actor: Any, now: dt.datetime) -> Contact:
    """Change a person's facts. Refusals as in `add_contact`; StaleVersion where `version` is not the one kept."""
    contact = locked_contact(contact_id, actor=actor)
    can_change_contact(user=actor, contact=contact).require()
    contact.claim(version or 0, shown=CONTACT_FACTS)
    changed = _fill(contact, changes, today=today_of(actor, now))
    if contact.hand_back():
        return contact
    contact.record(actor=actor, fields=[*changed, "sort_key", "version"])
    rebuild_contact_keys([contact])
    return contact


@transaction.atomic
def record_consent(*, contact_id: int, basis: str, on: dt.date | None, actor: Any, now: dt.datetime, version: int | None = None) -> Contact:
    """Record on what basis the person's data are used, and since when (today where no day is given).

    Withdrawn consent (`ConsentBasis.NONE`) erases the birthday, which is kept only with consent. RuleBroken for a day to come;
    StaleVersion where `version`, the one that was shown, is not the one kept.
    """
    contact = locked_contact(contact_id, actor=actor)
    can_change_contact(user=actor, contact=contact).require()
    contact.count_up(version, shown={"basis": "consent_basis", "on": "consent_on"})
    facts: dict[str, Any] = {"consent_basis": ConsentBasis(basis), "consent_on": None}
    if basis == ConsentBasis.NONE:
        facts["birthday"] = None
    else:
        facts["consent_on"] = on or today_of(actor, now)
    changed = _fill(contact, facts, today=today_of(actor, now))
    if not contact.hand_back():
        contact.record(actor=actor, fields=[*changed, "version"])
    return contact


@transaction.atomic
def record_opt_out(*, contact_id: int, channel: str, actor: Any, now: dt.datetime, refused: bool = True) -> Contact:
    """Record that the person does not want to be reached this way; `refused=False`: they take that back. It holds at once, everywhere."""
    contact = locked_contact(contact_id, actor=actor)
    can_change_contact(user=actor, contact=contact).require()
    contact.count_up(None, shown=())
    return _keep_opt_outs(contact, {*contact.opt_outs} - {Channel(channel)} | ({Channel(channel)} if refused else set()), actor)


@transaction.atomic
def state_opt_outs(*, contact_id: int, channels: Iterable[str], version: int | None, actor: Any, now: dt.datetime) -> Contact:
    """As `record_opt_out`, of all ways at once: these are refused and no others. StaleVersion where `version` is not the one kept."""
    contact = locked_contact(contact_id, actor=actor)
    can_change_contact(user=actor, contact=contact).require()
    contact.claim(version or 0, shown={"channels": "opt_outs"})
    return _keep_opt_outs(contact, map(Channel, channels), actor)


def _keep_opt_outs(contact: Contact, refused: Iterable[str], actor: Any) -> Contact:
    contact.opt_outs = sorted({str(channel) for channel in refused})
    if not contact.hand_back():
        contact.record(actor=actor, fields=["opt_outs", "version"])
    return contact


@transaction.atomic
def contact_left(*, contact_id: int, on: dt.date, actor: Any, now: dt.datetime) -> Contact:
    """The person has left the company on a day. RuleBroken for a day to come, or where it is recorded already."""
    contact = locked_contact(contact_id, actor=actor)
    can_change_contact(user=actor, contact=contact).require()
    if contact.left_on is not None:
        raise refuse("on", _("That this person has left is recorded already."))
    if on > today_of(actor, now):
        raise refuse("on", _("Record it when the day has come."))
    contact.left_on = on
    contact.version += 1
    contact.record(actor=actor, fields=["left_on", "version"])
    _tell(contact, CONTACT_LEFT, actor=actor, now=now)
    return contact


def _fill(contact: Contact, facts: Mapping[str, Any], *, today: dt.date) -> list[str]:
    """Set facts, check the whole, return the names of those that changed."""
    before = {name: getattr(contact, name) for name in CONTACT_FACTS}
    for name, value in facts.items():
        if name not in CONTACT_FACTS:
            raise ValueError(f"{name} is not a fact of a person")
        setattr(contact, name, one_line(value) if isinstance(value, str) else value)
    _check(contact, today=today)
    contact.sort_key = typed_key(contact.name_en or contact.name_zh)
    return [name for name in CONTACT_FACTS if getattr(contact, name) != before[name]]


def _check(contact: Contact, *, today: dt.date) -> None:
    if not (contact.name_en or contact.name_zh):
        raise refuse("name_en", _("A person needs a name."))
    if contact.consent_basis == ConsentBasis.NONE:
        contact.consent_on = None
        if contact.birthday is not None:
            raise refuse("birthday", _("A birthday is kept only with consent."))
    elif contact.consent_on is None:
        raise refuse("consent_on", _("Say on what day the consent was given."))
    elif contact.consent_on > today:
        raise refuse("consent_on", _("This day is still to come."))
    born_wrongly = wrong_birthday(contact.birthday, today=today) if contact.birthday is not None else None
    if born_wrongly:
        raise refuse("birthday", born_wrongly)
    if contact.email and not is_mail_address(contact.email):
        raise refuse("email", _("This is not an e-mail address."))


def _tell(contact: Contact, kind: str, *, actor: Any, now: dt.datetime) -> None:
    """Put it on the company's timeline."""
    facts = {"name_en": contact.name_en, "name_zh": contact.name_zh, "position": contact.title}
    tell(contact.company, kind, title=contact.name_en or contact.name_zh, facts=facts, subject=contact, actor=actor, now=now)
