"""Who reads the figures of clients, and who the files that they come in (domain 1.2)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.clients.models import Client
from crm.companies.permissions import BUSINESS_ROLES
from crm.figures.querysets import FILE_READERS
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role

_READERS = (*BUSINESS_ROLES, Role.HO, Role.COMP, Role.AUD)


def can_read_figures(*, user: Any) -> Permission:
    """Those who look after clients and their heads, head office, compliance and audit: never the branches, editors, administrators."""
    return ALLOWED if user.actor.has_role(*_READERS) else denied(_("Your post reads no figures of clients."))


def can_read_figures_of(*, user: Any, client: Client) -> Permission:
    """As the client itself is seen whole: own, team, centre; all for head office, compliance and audit."""
    can = can_read_figures(user=user)
    if can and not user.actor.reach().covers(client):
        return denied(_("Figures are shown to those who look after the client."))
    return can


def can_read_files(*, user: Any) -> Permission:
    """Head office, finance, the business office and audit see which nightly files came and what was refused in them."""
    return ALLOWED if user.actor.has_role(*FILE_READERS) else denied(_("Nightly files are read by head office, finance and operations."))
