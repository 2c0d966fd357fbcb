"""People of companies: read within coverage, added and changed by those who look after the company."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from crm.companies import permissions, services
from crm.companies.choices import Channel, ConsentBasis, ContactRole
from crm.companies.models import Contact
from crm.companies.rules import CONTACT_DATA, CONTACT_FACTS
from crm.web.api import identity, once, page
from crm.web.bodies import Body, Day, RecordId, Version

router = Router(tags=["contacts"])

Line = Annotated[str, Field(max_length=120)]
Number = Annotated[str, Field(max_length=40)]


class PersonIn(Body):
    """What is known of a person."""

    name_en: Annotated[str, Field(max_length=200)] = ""
    name_zh: Line = ""
    title: Line = ""
    role: ContactRole = ContactRole.OTHER
    is_decision_maker: bool = False
    phone: Number = ""
    mobile: Number = ""
    email: Annotated[str, Field(max_length=254)] = ""
    birthday: Day | None = None
    consent_basis: ConsentBasis = ConsentBasis.NONE
    consent_on: Day | None = None
    cross_border_ok: bool = False
    note: Annotated[str, Field(max_length=300)] = ""


class ContactIn(PersonIn):
    """A person of a company."""

    company_id: RecordId


class ContactChange(PersonIn):
    """Facts to change; those that are not sent stay. `version` is the one that was read."""

    version: Version


class OptOutIn(Body):
    """A way in which the person does not want to be reached, or wants to be again."""

    channel: Channel
    refused: bool = True


def serialise(contact: Contact, *, shows_data: bool) -> dict[str, Any]:
    """A person; without phones, addresses, birthday and note where the reader does not see them."""
    hidden = () if shows_data else CONTACT_DATA
    facts = {field: getattr(contact, field) for field in CONTACT_FACTS if field not in hidden}
    return {
        **facts,
        **identity(contact),
        "company_id": contact.company_id,
        "opt_outs": contact.opt_outs,
        "left_on": contact.left_on,
        "version": contact.version,
    }


def _own(contact: Contact) -> dict[str, Any]:
    return serialise(contact, shows_data=True)


@router.get("")
def contacts(request: HttpRequest, q: str = "", company_id: RecordId | None = None, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """People by name, of the companies within the reader's reach; `q` finds them by name or initials, by phone where phones are seen."""
    permissions.can_read_contacts(user=request.user).require()
    rows = Contact.objects.visible_to(request.user).with_sight(request.user).select_related("company")
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if q:
        rows = rows.named(q, user=request.user)
    return page(rows, request, lambda row: serialise(row, shows_data=row.shows_data), ordering=("sort_key",))


@router.get("{int:contact_id}")
def contact(request: HttpRequest, contact_id: int) -> dict[str, Any]:
    """One person."""
    rows = Contact.objects.visible_to(request.user).with_sight(request.user).select_related("company")
    found = get_object_or_404(rows, pk=contact_id)
    return serialise(found, shows_data=found.shows_data)


@router.post("", response={201: dict})
@once("contacts.add")
def add(request: HttpRequest, body: ContactIn) -> tuple[int, dict[str, Any]]:
    """Add a person to a company that one looks after."""
    facts = body.dict(exclude={"company_id"})
    return 201, _own(services.add_contact(company_id=body.company_id, facts=facts, actor=request.user, now=timezone.now()))


@router.patch("{int:contact_id}", response={200: dict})
@once("contacts.change")
def change(request: HttpRequest, contact_id: int, body: ContactChange) -> tuple[int, dict[str, Any]]:
    """Change what is known of a person. 409 where somebody else did so since `version`."""
    changes = body.dict(exclude_unset=True, exclude={"version"})
    changed = services.change_contact(contact_id=contact_id, version=body.version, changes=changes, actor=request.user, now=timezone.now())
    return 200, _own(changed)


@router.post("{int:contact_id}/opt_outs", response={200: dict})
@once("contacts.opt_out")
def opt_out(request: HttpRequest, contact_id: int, body: OptOutIn) -> tuple[int, dict[str, Any]]:
    """Record that the person does not want to be reached this way. It holds everywhere at once."""
    changed = services.record_opt_out(
        contact_id=contact_id, channel=body.channel, refused=body.refused, actor=request.user, now=timezone.now()
    )
    return 200, _own(changed)
