"""Reads over papers: the checklist of a version on a day, what is still open, the figures that hold."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from credit.checklists import book, rules
from credit.checklists.choices import Group, ItemState, Need
from credit.checklists.models import ChecklistItem, DocumentUse
from credit.packs import selectors as packs
from credit.packs.catalogue import facility_types
from credit.packs.models import Pack, PackVersion
from crm.policy import selectors as policy

_TABLES = ("checklists.items", "checklists.above")


def figures(jurisdiction: str, *, on: dt.date) -> rules.Figures:
    """What is needed, by the policy of a day. One statement."""
    found = policy.tables(_TABLES, jurisdiction=jurisdiction, on=on)
    return rules.Figures(found["checklists.items"], {code: Decimal(top) for code, top in found["checklists.above"].items()})


def validity(jurisdiction: str, *, on: dt.date) -> dict[str, int]:
    """For how many days papers are good."""
    return policy.table("checklists.validity", jurisdiction=jurisdiction, on=on)


def terms(jurisdiction: str, *, on: dt.date) -> dict[str, Any]:
    """Days and sizes of papers and waivers."""
    return policy.table("checklists.rules", jurisdiction=jurisdiction, on=on)


def waiver_level(code: str, jurisdiction: str, *, on: dt.date) -> str:
    """Who may waive a paper at least: TH, RCH, or never."""
    return str(policy.table("checklists.waivers", jurisdiction=jurisdiction, on=on).get(code, "RCH"))


def today_of(pack: Pack, now: dt.datetime) -> dt.date:
    """The day in the pack's centre."""
    return timezone.localdate(now, pack.centre.zone)


def asked_of(version: PackVersion) -> rules.Asked:
    """What a version asks for, as the checklist reads it."""
    facilities = packs.facilities_of(version)
    kinds = facility_types()
    known = [kinds[row.type_code] for row in facilities if row.type_code in kinds]
    return rules.Asked(
        jurisdiction=version.pack.jurisdiction,
        client_types=tuple(version.client_types),
        segment=version.pack.segment,
        papers=frozenset(papers for kind in known for papers in kind.papers),
        securities=tuple((row.kind, row.value) for row in packs.securities_of(version)),
        guarantors=tuple(
            (row.pk, row.company_id is None, row.is_elderly_or_spouse) for row in packs.parties_of(version) if rules.is_guarantor(row.role)
        ),
        total=sum((row.total for row in facilities if not row.in_cap), Decimal(0)),
    )


def items_of(version: PackVersion) -> list[ChecklistItem]:
    """The papers that are asked for, in the order of the book, guarantors' last, each with its documents. Two statements, read once."""
    if "_papers" not in version.__dict__:
        used = Prefetch("uses", queryset=DocumentUse.objects.select_related("document__file").order_by("pk"))
        rows = version.papers.filter(is_wanted=True).select_related("party__company", "received_by", "checked_by", "waived_by")
        version.__dict__["_papers"] = sorted(
            rows.prefetch_related(used), key=lambda item: (item.party_id is not None, item.party_id or 0, book.place(item.code))
        )
    found: list[ChecklistItem] = version.__dict__["_papers"]
    return found


def forget(version: PackVersion) -> None:
    """The papers are read again."""
    version.__dict__.pop("_papers", None)


def open_required(version: PackVersion, on: dt.date) -> list[ChecklistItem]:
    """The required papers that are neither checked and good nor waived by a waiver that runs (domain 6.7; invariant 20)."""
    return [item for item in items_of(version) if item.need == Need.REQUIRED and not rules.is_ready(item, on)]


@dataclass
class Line:
    """One paper as the page shows it."""

    item: ChecklistItem
    standing: str
    tone: str
    word: str
    ready: bool


@dataclass
class Heading:
    """Papers that stand together."""

    label: str
    lines: list[Line] = field(default_factory=list)

    @property
    def ready(self) -> int:
        """How many need nothing more."""
        return sum(line.ready for line in self.lines)


TONES = {
    ItemState.MISSING: "seal",
    ItemState.EXPIRED: "seal",
    ItemState.REQUESTED: "amber",
    ItemState.RECEIVED: "indigo",
    ItemState.CHECKED: "jade",
}


def line_of(item: ChecklistItem, on: dt.date) -> Line:
    """A paper with how it stands on a day. One that may not apply and is not here shows no alarm."""
    where = ItemState(rules.standing(item, on))
    tone = TONES.get(where, "")
    if where == ItemState.MISSING and item.need != Need.REQUIRED:
        tone = ""
    return Line(
        item, where, tone, str(where.label), rules.is_ready(item, on) or (item.need != Need.REQUIRED and where == ItemState.MISSING)
    )


def headings(version: PackVersion, on: dt.date) -> list[Heading]:
    """The checklist as the page shows it: by heading, each guarantor under its own."""
    found: dict[Any, Heading] = {}
    for item in items_of(version):
        paper = book.papers().get(item.code)
        if item.party is not None:
            heading = found.setdefault(("party", item.party_id), Heading(f"{Group.GUARANTOR.label}: {item.party}"))
        else:
            group = Group(paper.group) if paper else Group.COMPANY
            heading = found.setdefault(group, Heading(str(group.label)))
        heading.lines.append(line_of(item, on))
    order: dict[str, int] = {str(group): place for place, group in enumerate(Group)}
    return [found[key] for key in sorted(found, key=lambda key: (isinstance(key, tuple), order.get(key, 0) if isinstance(key, str) else 0))]


def asked_of_client(version: PackVersion, on: dt.date) -> list[ChecklistItem]:
    """What a letter to the client asks for: what they bring and is not here or too old; what may not apply only once it was asked for."""
    open_states = (ItemState.MISSING, ItemState.REQUESTED, ItemState.EXPIRED)
    return [
        item
        for item in items_of(version)
        if (paper := book.papers().get(item.code)) is not None
        and paper.from_client
        and item.need != Need.DRAWDOWN
        and rules.standing(item, on) in open_states
        and (item.need == Need.REQUIRED or item.state == ItemState.REQUESTED)
    ]


def expiring(version: PackVersion, *, since: dt.date, until: dt.date) -> Sequence[ChecklistItem]:
    """Papers that are here and good, and will not be after a day between two."""
    return [
        item for item in items_of(version) if item.state in (ItemState.RECEIVED, ItemState.CHECKED)
        and item.valid_until is not None and since <= item.valid_until <= until
    ]  # fmt: skip
