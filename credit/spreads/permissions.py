"""Who reads spreads, enters figures, and checks what another entered."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.spreads.choices import SpreadState
from credit.spreads.models import Period, Spread
from credit.spreads.parts import SpreadReaders
from crm.companies.models import Company
from crm.companies.permissions import BUSINESS_ROLES, covers
from crm.kernel.contributions import of
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role

READERS = (*BUSINESS_ROLES, Role.HO, Role.COMP, Role.AUD, Role.CA, Role.CO, Role.CC, Role.CAD)
CREDIT_MAKERS = (Role.CA,)
CHECKERS = (*BUSINESS_ROLES, Role.CA, Role.CO)


def can_read_spreads(*, user: Any) -> Permission:
    """Who lends, decides about lending, or oversees it."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Spreads are for those who lend, decide and oversee."))


def is_maker(user: Any) -> bool:
    """Holds a post in which figures are entered."""
    return bool(user.actor.has_role(*BUSINESS_ROLES, *CREDIT_MAKERS))


def _is_handed(user: Any, company_id: int) -> bool:
    """The company's pack was handed to this analyst's department."""
    if not user.actor.has_role(*CREDIT_MAKERS):
        return False
    return any(Company.objects.filter(pk=company_id, pk__in=readers.companies(user)).exists() for readers in of(SpreadReaders))


def can_enter(*, user: Any, company: Company) -> Permission:
    """Whoever looks after the company and their heads; credit analysts where its pack was handed over. Reads `current_coverage`."""
    if user.actor.has_role(*BUSINESS_ROLES) and covers(user=user, company=company):
        return ALLOWED
    if _is_handed(user, company.pk):
        return ALLOWED
    if not is_maker(user):
        return denied(_("Figures are entered by those who look after the company, and by credit analysts."))
    return denied(_("Neither you nor your team looks after this company."))


def can_check(*, user: Any, spread: Spread) -> Permission:
    """A second person: somebody who may work on the figures and entered none of them."""
    if not user.actor.has_role(*CHECKERS):
        return denied(_("Figures are checked by relationship managers, their heads and the credit department."))
    entered = Period.objects.filter(spread=spread)
    if not entered.exists():
        return denied(_("There are no figures to check yet."))
    if spread.state == SpreadState.CHECKED:
        return denied(_("This is checked already. It has to be checked anew once figures change."))
    if spread.prepared_by_id == user.pk or entered.filter(entered_by=user).exists():
        return denied(_("Whoever entered figures does not check them."))
    return ALLOWED
