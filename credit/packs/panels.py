"""The cards and buttons that packs themselves put on their page; the features of credit add theirs the same way."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs import permissions, rules, selectors
from credit.packs.choices import Authorship, State
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackAction, PackPanel
from crm.kernel.permission import Permission


def _facilities(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any]:
    rows = selectors.facilities_of(version)
    return {
        "rows": rows,
        "total": sum((row.total for row in rows if not row.in_cap), rules.ZERO),
        "existing": sum((row.existing for row in rows), rules.ZERO),
        "may_change": permissions.can_change(user=user, pack=pack, version=version),
    }


def _parties(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any]:
    return {"rows": selectors.parties_of(version), "may_change": permissions.can_change(user=user, pack=pack, version=version)}


def _securities(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any]:
    rows = selectors.securities_of(version)
    return {
        "rows": [(row, rules.lending_value(row)) for row in rows],
        "lends": selectors.lending_value(version),
        "may_change": permissions.can_change(user=user, pack=pack, version=version),
    }


PANELS = (
    PackPanel("facilities", _("Facilities"), "packs/facilities.html", _facilities, order=10),
    PackPanel("parties", _("Parties"), "packs/parties.html", _parties, order=10, column=2),
    PackPanel("securities", _("Security"), "packs/securities.html", _securities, order=20, column=2),
)


def _start_docs(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_start_docs(user=user, pack=pack)


def _start_writing(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_start_writing(user=user, pack=pack)


def _open_version(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_open_version(user=user, pack=pack)


def _drop_version(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_drop_version(user=user, pack=pack)


def _withdraw(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_withdraw(user=user, pack=pack)


def _change(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_change(user=user, pack=pack, version=version)


def _of_owner(user: Any, pack: Pack) -> bool:
    return bool(permissions.owns(user=user, pack=pack)) and selectors.is_open(pack)


ACTIONS = (
    PackAction(
        "start_docs",
        _("Gather the papers"),
        "packs:start_docs",
        "check",
        _start_docs,
        lambda user, pack: _of_owner(user, pack) and pack.state == State.DRAFT,
        order=10,
        primary=True,
    ),
    PackAction(
        "start_writing",
        _("Begin the application"),
        "packs:start_writing",
        "edit",
        _start_writing,
        lambda user, pack: _of_owner(user, pack) and pack.state == State.DOCS and pack.authorship == Authorship.RM,
        order=20,
    ),
    PackAction(
        "open_version",
        _("Open a new version"),
        "packs:open_version",
        "history",
        _open_version,
        lambda user, pack: _of_owner(user, pack) and bool(permissions.can_open_version(user=user, pack=pack)),
        order=80,
    ),
    PackAction(
        "drop_version",
        _("Drop the open version"),
        "packs:drop_version",
        "trash",
        _drop_version,
        lambda user, pack: _of_owner(user, pack) and bool(permissions.can_drop_version(user=user, pack=pack)),
        order=85,
    ),
    PackAction(
        "borrower",
        _("What the borrower is"),
        "packs:borrower_kind",
        "edit",
        _change,
        _of_owner,
        order=88,
        of_draft=True,
    ),
    PackAction("withdraw", _("Withdraw the pack"), "packs:withdraw", "x", _withdraw, _of_owner, order=90),
)
