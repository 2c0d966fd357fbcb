"""What credit packs add to shared screens, and their figures."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from credit.packs import panels, permissions, selectors, services
from credit.packs.catalogue import CLOSED, COMMITTED, OUTSIDE, UNCOMMITTED, facility_types
from credit.packs.choices import DECIDED, PRE_DECISION, TIMELINE, Act, Authorship, Segment, State
from credit.packs.contents import REQUEST
from credit.packs.models import Pack
from crm.clients.parts import TransferWitness
from crm.kernel.addresses import url_of
from crm.kernel.contributions import (
    ApiRouter,
    ClientPanel,
    Finder,
    Found,
    Invariant,
    NavItem,
    PaletteCommand,
    PendingDecision,
    PolicyTable,
    RecordAction,
    StageEvidence,
    TimelineKind,
    register,
)
from crm.kernel.wording import spoken

HEADING = _("Credit packs")
_NUMBER = re.compile(r"[A-Za-z]{1,4}-[0-9-]{0,12}")
_STANDS = {
    COMMITTED: _("Credit, committed"),
    UNCOMMITTED: _("Credit, uncommitted"),
    OUTSIDE: _("No credit of the bank"),
    CLOSED: _("Not offered"),
}


def _reads(user: Any) -> bool:
    return bool(permissions.can_read_packs(user=user))


def _panel_shown(user: Any, company: Any) -> bool:
    return _reads(user)


def _create_url(record: Any) -> str:
    return f"{url_of('packs:pack_create')}?company={getattr(record, 'company_id', record.pk)}"


def _find(user: Any, query: str, limit: int) -> Sequence[Found]:
    """By number ("YT-2026"); by name the company is found, which shows its packs. Other words cost the palette no statement."""
    if not _NUMBER.fullmatch(query.strip()):
        return []
    rows = Pack.objects.visible_to(user).filter(number__istartswith=query.strip()).select_related("company")
    return [
        Found(row.number, row.get_absolute_url(), str(row.company), str(row.get_state_display()))
        for row in rows.order_by("-state_since", "-pk")[:limit]
    ]


def _versions_apart() -> Iterator[str]:
    """A draft waits for one sealed version at most, and a pack that left its manager has one."""
    held = Count("versions", filter=Q(versions__state__in=("sealed", "on_hold")))
    packs = Pack.objects.annotate(held=held).order_by("pk")
    beyond = set(PRE_DECISION) - {State.DRAFT, State.DOCS, State.WRITING_A}
    for pack in packs.filter(state__in=beyond | set(DECIDED), held=0):
        yield f"Pack {pack.number}: it left its relationship manager without a sealed version."


register(
    TransferWitness("packs", services.follow_client),
    NavItem(_("Credit packs"), "packs:pack_list", "directories", order=400, section=_("Credit"), shown=_reads),
    PaletteCommand(
        _("Begin a credit pack"),
        "packs:pack_create",
        "directories",
        words=_("application loan facility limit"),
        order=42,
        shown=permissions.is_maker,
    ),
    Finder("packs", _("Credit packs"), "directories", _find, order=60, shown=_reads),
    *(
        RecordAction(model, _("Begin a credit pack"), "directories", _create_url, permissions.can_create_with, order=37)
        for model in ("companies.company", "clients.client")
    ),
    ClientPanel("packs", _("Credit packs"), "packs:company_packs", order=35, shown=_panel_shown),
    TimelineKind(TIMELINE, _("Credit pack"), "indigo", "packs:pack_detail", spoken(Act)),
    PendingDecision("packs", selectors.pending_of),
    StageEvidence("onboarding", selectors.proves_handoff),
    StageEvidence("decision", selectors.proves_decision),
    StageEvidence("acceptance", selectors.proves_acceptance),
    REQUEST,
    *panels.PANELS,
    *panels.ACTIONS,
    Invariant("packs.versions", "A pack that left its relationship manager has a sealed version", _versions_apart),
    PolicyTable(
        "packs.rules",
        _("Papers before the application"),
        HEADING,
        "percent",
        labels={"docs_percent": _("Of the required papers are in, per cent")},
        order=610,
    ),
    PolicyTable(
        "packs.authorship",
        _("Who writes the application"),
        HEADING,
        "text",
        labels=dict(Segment.choices),
        choices={segment: dict(Authorship.choices) for segment in Segment.values},
        order=611,
    ),
    PolicyTable(
        "packs.facilities",
        _("Kinds of facilities"),
        HEADING,
        "text",
        labels={code: kind.label for code, kind in facility_types().items()},
        choices=dict.fromkeys(facility_types(), _STANDS),
        order=612,
    ),
    ApiRouter("packs", "credit.packs.api.router", order=90, for_systems=True),
)
