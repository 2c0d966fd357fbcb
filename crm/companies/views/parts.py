"""What the page of a company and that of a client share: buttons and tabs that features contribute."""

from typing import Any

from crm.companies.models import Company, CompanyGroup
from crm.companies.permissions import BUSINESS_ROLES
from crm.kernel.contributions import ClientPanel, GroupPanel, RecordAction, of
from crm.web.views import Action, Tab

PEOPLE_ORDER, NAMES_ORDER, GROUP_ORDER, SOURCES_ORDER, HISTORY_ORDER = 10, 50, 60, 70, 90


def contributed_actions(model: str, *, user: Any, record: Any) -> list[Action]:
    """The buttons of other features on this record. The main one says why where it may not be used; others are left out then."""
    found = []
    for action in of(RecordAction):
        if action.model != model:
            continue
        allowed = action.allowed(user, record)
        if allowed or (action.primary and user.actor.has_role(*BUSINESS_ROLES)):
            url = action.url(record) if allowed else ""
            found.append(Action(action.label, url, action.icon, primary=action.primary and bool(allowed), refusal=allowed.reason))
    return found


def contributed_tabs(*, user: Any, company: Company) -> list[tuple[int, Tab]]:
    """The parts of other features on the page of a company or client, with their order."""
    panels = (panel for panel in of(ClientPanel) if panel.shown(user, company))
    return [(panel.order, Tab(panel.slug, panel.label, panel.url_name, key=company.pk)) for panel in panels]


def group_tabs(*, user: Any, group: CompanyGroup) -> list[tuple[int, Tab]]:
    """The parts of other features on the page of a group, with their order."""
    return [(panel.order, Tab(panel.slug, panel.label, panel.url_name)) for panel in of(GroupPanel) if panel.shown(user, group)]


def in_order(tabs: list[tuple[int, Tab]]) -> list[Tab]:
    """The tabs by their order."""
    return [tab for _, tab in sorted(tabs, key=lambda pair: pair[0])]
