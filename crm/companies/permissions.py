"""Who may read what of companies and people, and who may change it (domain 1.2)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.companies.choices import Channel, ConsentBasis, Ring
from crm.companies.models import Company, CompanyGroup, Contact, Coverage
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES, Role

BUSINESS_ROLES = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH)
"""Who works with companies: relationship managers, team heads, centre heads."""

_NAME_ONLY = (Role.LOB, Role.BH)


def sight(*, user: Any, company: Company) -> Ring | None:
    """How much of a company's directory facts the reader sees: all; for the lobby and branch heads the name; for administrators nothing."""
    return directory_sight(user=user)


def directory_sight(*, user: Any) -> Ring | None:
    """As `sight`, for lists: directory facts are the same for all companies."""
    actor = user.actor
    if any(role not in (*_NAME_ONLY, Role.ADM, Role.SYS, Role.HR) for role in actor.roles):
        return Ring.FULL
    return Ring.NAME if actor.has_role(*_NAME_ONLY) else None


def covers(*, user: Any, company: Company) -> bool:
    """A post of the reader (relationship manager, team or centre head) reaches who looks after the company now."""
    reach = user.actor.reach_of()
    return any(reach.covers(row) for row in company.current_coverage)


def within_reach(*, user: Any, company: Company) -> bool:
    """As `covers`, and all companies for head office, compliance and audit: who reads the timeline, the people and the history."""
    reach = user.actor.reach()
    return reach.everything or any(reach.covers(row) for row in company.current_coverage)


def sees_contact_data(*, user: Any, contact: Contact) -> bool:
    """Whether phones, mail addresses and birthday are shown: not to head office, unless another of its posts covers the company."""
    if user.actor.has_role(Role.COMP, Role.AUD):
        return True
    marked = getattr(contact, "shows_data", None)
    return covers(user=user, company=contact.company) if marked is None else bool(marked)


def can_read_contacts(*, user: Any) -> Permission:
    """People of clients are read within coverage by the business side, head office, compliance and audit."""
    if user.actor.has_role(*BUSINESS_ROLES, Role.HO, Role.COMP, Role.AUD):
        return ALLOWED
    return denied(_("People of companies are shown to those who look after them."))


def can_read_companies(*, user: Any) -> Permission:
    """All staff but administrators read directory facts, the lobby by name."""
    return ALLOWED if directory_sight(user=user) else denied(_("Administrators read no business data."))


def can_register_company(*, user: Any) -> Permission:
    """Relationship managers and their heads add companies."""
    if user.actor.has_role(*BUSINESS_ROLES):
        return ALLOWED
    return denied(_("Relationship managers and their heads add companies."))


def can_correct_company(*, user: Any, company: Company) -> Permission:
    """Who looks after it, or their heads; where nobody does, anyone of the business side."""
    if not user.actor.has_role(*BUSINESS_ROLES):
        return denied(_("Relationship managers and their heads keep the facts of companies."))
    if company.current_coverage and not covers(user=user, company=company):
        return denied(_("Only those who look after this company change its facts."))
    return ALLOWED


def can_group_company(*, user: Any, company: Company) -> Permission:
    """Who looks after the company puts it into a group or takes it out."""
    return ALLOWED if covers(user=user, company=company) else denied(_("Only those who look after this company decide on its group."))


def can_rename_group(*, user: Any, group: CompanyGroup) -> Permission:
    """Who looks after a member renames the group."""
    if Coverage.objects.current().within(user.actor.reach_of()).filter(company__group=group).exists():
        return ALLOWED
    return denied(_("Only those who look after a company of the group rename it."))


def can_confirm_group(*, user: Any, group: CompanyGroup) -> Permission:
    """Who looks after a member, and their heads."""
    if Coverage.objects.current().within(user.actor.reach_of()).filter(company__group=group).exists():
        return ALLOWED
    return denied(_("Only those who look after a company of the group confirm its tree."))


def can_add_contact(*, user: Any, company: Company) -> Permission:
    """Who looks after the company adds its people."""
    return ALLOWED if covers(user=user, company=company) else denied(_("Only those who look after this company add its people."))


def can_change_contact(*, user: Any, contact: Contact) -> Permission:
    """Who looks after the company changes its people, and records what they consented to and refused."""
    return ALLOWED if covers(user=user, company=contact.company) else denied(_("Only those who look after this company change its people."))


def can_reach(*, contact: Contact, channel: str, marketing: bool = False) -> Permission:
    """Whether a person may be reached this way. An opt-out holds everywhere; marketing needs consent (domain 1.3, rule 7)."""
    if contact.left_on is not None:
        return denied(_("This person has left the company."))
    if contact.refuses(channel):
        return denied(_("This person does not want to be reached by %(channel)s.") % {"channel": Channel(channel).label})
    if marketing and contact.consent_basis == ConsentBasis.NONE:
        return denied(_("No consent to marketing is recorded for this person."))
    return ALLOWED
