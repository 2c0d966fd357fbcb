"""What applications add to packs and to shared screens, and their figures."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.memos import accounts, contents, counted, facts, permissions, selectors
from credit.packs.choices import State
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackAction, PackPanel
from credit.packs.permissions import owns
from credit.packs.selectors import is_open
from crm.kernel.contributions import PolicyTable, register
from crm.kernel.permission import Permission


def _panel(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any]:
    rows = selectors.sections_of(version)
    return {
        "rows": rows,
        "done": sum(row.is_done for row in rows),
        "attestation": selectors.attestation_of(version),
        "may_write": permissions.can_write(user=user, pack=pack, version=version),
        "number": version.number,
    }


def _attest(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_attest(user=user, pack=pack, version=version)


def _offers_attesting(user: Any, pack: Pack) -> bool:
    return bool(owns(user=user, pack=pack)) and is_open(pack) and pack.state not in (State.DRAFT, State.DOCS)


register(
    accounts.PART,
    contents.PART,
    contents.CHECK,
    *facts.SOURCES,
    *counted.SOURCES,
    PackPanel("application", _("Application"), "memos/panel.html", _panel, order=30),
    PackAction("attest", _("Attest it"), "memos:attest", "check", _attest, _offers_attesting, order=30, of_draft=True),
    PolicyTable(
        "memos.facts",
        _("Facts beside the application"),
        _("Credit packs"),
        "days",
        labels={"visit_days": _("Visits of the last days")},
        order=615,
    ),
)
