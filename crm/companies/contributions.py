"""What companies and people add to shared screens."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from crm.companies import permissions
from crm.companies.choices import AddressKind, IdentifierKind, NameKind
from crm.companies.finding import company_ids, company_names, find_companies, find_people
from crm.companies.models import Company, Contact, ContactKey, SearchKey
from crm.companies.near import near_companies, near_people
from crm.companies.services.contacts import CONTACT_ADDED, CONTACT_LEFT
from crm.companies.services.removing import FACT_REMOVED
from crm.kernel.contributions import (
    ApiRouter,
    CompanyNames,
    Finder,
    Invariant,
    NavItem,
    NearNames,
    PaletteCommand,
    PolicyTable,
    TimelineKind,
    register,
)
from crm.kernel.wording import spoken


def _reads_companies(user: Any) -> bool:
    return bool(permissions.can_read_companies(user=user))


def _reads_people(user: Any) -> bool:
    return bool(permissions.can_read_contacts(user=user))


def _registers(user: Any) -> bool:
    return bool(permissions.can_register_company(user=user))


def _found_though_merged() -> Iterator[str]:
    merged = Company.objects.exclude(merged_into=None).filter(Exists(SearchKey.objects.filter(company=OuterRef("pk"))))
    for row in merged.values_list("pk", flat=True):
        yield f"Company {row}: it was merged into another, and has search keys of its own."


def _unfindable() -> Iterator[str]:
    keys = SearchKey.objects.filter(company=OuterRef("pk"))
    for row in Company.objects.filter(merged_into=None).exclude(Exists(keys)).values_list("pk", flat=True).iterator():
        yield f"Company {row}: it has no search keys."
    for row in Contact.objects.exclude(Exists(ContactKey.objects.filter(contact=OuterRef("pk")))).values_list("pk", flat=True).iterator():
        yield f"Contact {row}: it has no search keys."


register(
    NavItem(_("People"), "companies:contact_list", "people", order=40, shown=_reads_people),
    NavItem(_("Companies"), "companies:company_list", "building", order=710, section=_("Know"), shown=_reads_companies),
    NavItem(_("Groups"), "companies:group_list", "groups", order=720, section=_("Know"), shown=_reads_people),
    PaletteCommand(_("People"), "companies:contact_list", "people", words=_("contacts list"), order=210, shown=_reads_people),
    PaletteCommand(_("Companies"), "companies:company_list", "building", words=_("directory list"), order=220, shown=_reads_companies),
    PaletteCommand(_("Add a company"), "companies:company_create", "plus", words=_("new register"), order=60, shown=_registers),
    TimelineKind(CONTACT_ADDED, _("Person added"), "mute", "companies:contact_detail"),
    TimelineKind(CONTACT_LEFT, _("Person left"), "amber", "companies:contact_detail"),
    TimelineKind(FACT_REMOVED, _("Wrong fact removed"), "amber", "", spoken(NameKind, IdentifierKind, AddressKind)),
    Finder("people", _("People"), "people", find_people, order=20, shown=_reads_people),
    CompanyNames(company_ids, company_names),
    NearNames(near_companies, order=10),
    NearNames(near_people, order=20),
    Finder("companies", _("Companies"), "building", find_companies, order=40, shown=_reads_companies),
    Invariant("companies.keys", "Every company and person can be found by name", _unfindable),
    Invariant("companies.merged_keys", "No company that was merged into another is found by name", _found_though_merged),
    ApiRouter("companies", "crm.companies.api.companies.router", order=10),
    ApiRouter("groups", "crm.companies.api.groups.router", order=20),
    ApiRouter("contacts", "crm.companies.api.contacts.router", order=30),
    PolicyTable(
        "companies.match",
        _("Likeness of a new company to one we know"),
        _("Companies"),
        "points",
        labels={"show": _("Asks why it is another one, from"), "block": _("Refused, from")},
        order=310,
    ),
    PolicyTable(
        "companies.group",
        _("What makes a group"),
        _("Companies"),
        "percent",
        labels={
            "control_over": _("Control, above"),
            "dependence_from": _("Economic dependence, from"),
            "confirmed_months": _("The tree is confirmed anew after"),
        },
        units={"confirmed_months": "months"},
        order=320,
    ),
)
