"""Reads over papers: the checklist of a version on a day, what is still open, the figures that hold."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from credit.checklists import book, rules
from credit.checklists.choices import AskedOf, EditionState, Group, ItemState, Need
from credit.checklists.models import ChecklistItem, DocumentUse, OwnPaper
from credit.packs import selectors as packs
from credit.packs.catalogue import facility_types
from credit.packs.choices import ClientType, SecurityKind
from credit.packs.models import Pack, PackVersion
from crm.kernel.errors import Sentence
from crm.kernel.wording import listed
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


def waiver_level(item: ChecklistItem, *, on: dt.date) -> str:
    """Who may waive a paper at least: TH, RCH, or never."""
    if item.own is not None:
        return item.own.waived_by
    return str(policy.table("checklists.waivers", jurisdiction=item.version.pack.jurisdiction, on=on).get(item.code, "RCH"))


def own_in_force(*, on: dt.date) -> dict[str, OwnPaper]:
    """The bank's own papers of a day by code, each in the edition that holds. One statement."""
    newest = {row.code: row for row in OwnPaper.objects.approved_by(on)}
    return {code: row for code, row in newest.items() if not row.ends}


_SAID = (
    *("name_en", "name_hant", "name_hans", "group", "source", "asked_of", "need", "valid_days", "waived_by", "jurisdiction"),
    *("client_types", "facility_types", "securities"),
)


def said_of(own: OwnPaper) -> dict[str, Any]:
    """What an edition says of its paper, but for its days."""
    return {name: getattr(own, name) for name in _SAID}


@dataclass(frozen=True)
class Said:
    """One thing that an edition says, before and after, in words; `before` is empty for a new paper."""

    label: Sentence
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Says something else now."""
        return self.before != self.after


def in_words(own: OwnPaper) -> list[tuple[Sentence, str]]:
    """What an edition says, field by field, as it is read."""
    types, borrowers, kinds = facility_types(), dict(ClientType.choices), dict(SecurityKind.choices)
    days = ngettext("%(days)s day", "%(days)s days", own.valid_days or 0) % {"days": own.valid_days}
    return [
        (_("English"), own.name_en),
        (_("Traditional Chinese"), own.name_hant),
        (_("Simplified Chinese"), own.name_hans),
        (_("Heading"), own.get_group_display()),
        (pgettext_lazy("paper", "Need"), str(_("Not asked for any more")) if own.ends else own.get_need_display()),
        (_("Asked of"), own.get_asked_of_display()),
        (_("Brought by"), own.get_source_display()),
        (_("Good for"), days if own.valid_days else str(_("does not age"))),
        (_("Waived by"), own.get_waived_by_display()),
        (pgettext_lazy("jurisdiction", "Where"), own.get_jurisdiction_display() if own.jurisdiction else str(_("Everywhere"))),
        (_("Borrowers"), listed(str(borrowers[code]) for code in own.client_types) or str(_("All"))),
        (_("Facilities"), listed(types[code].name for code in own.facility_types if code in types) or str(_("All"))),
        (_("Security"), listed(str(kinds[code]) for code in own.securities) or str(_("Any, or none"))),
    ]


def _edition_before(own: OwnPaper) -> OwnPaper | None:
    """The approved edition that held until this one began, or holds still."""
    earlier = OwnPaper.objects.approved_by(own.effective_from).filter(code=own.code).exclude(pk=own.pk)
    if own.state == EditionState.APPROVED:
        earlier = earlier.exclude(effective_from=own.effective_from, pk__gt=own.pk)
    found: OwnPaper | None = earlier.last()
    return found


def differences(own: OwnPaper) -> list[Said]:
    """An edition against the one that held before it. One statement."""
    before = _edition_before(own)
    was = [text for _label, text in in_words(before)] if before else []
    return [Said(label, was[at] if was else "", text) for at, (label, text) in enumerate(in_words(own))]


@dataclass(frozen=True)
class Effect:
    """What an edition would have meant: of how many packs handed off since a day it would have been asked."""

    packs: int
    asked: int


_KIND_OF_GUARANTOR = {
    AskedOf.COMPANIES: Q(parties__company__isnull=False),
    AskedOf.PEOPLE: Q(parties__company__isnull=True),
    AskedOf.GUARANTORS: Q(),
}


def effect_of(own: OwnPaper, *, since: dt.date, until: dt.date) -> Effect:
    """Over the versions that were sealed between two days, both included; each pack by its last one. Two statements."""
    sealed = PackVersion.objects.filter(sealed_at__date__gte=since, sealed_at__date__lte=until)
    if own.jurisdiction:
        sealed = sealed.filter(pack__jurisdiction=own.jurisdiction)
    fitting = sealed
    if own.facility_types:
        fitting = fitting.filter(facilities__type_code__in=own.facility_types)
    if own.securities:
        fitting = fitting.filter(securities__kind__in=own.securities)
    if own.asked_of != AskedOf.BORROWER:
        fitting = fitting.filter(_KIND_OF_GUARANTOR[AskedOf(own.asked_of)], parties__role__in=rules.GUARANTOR_ROLES)
    rows = fitting.values_list("pack_id", "client_types").distinct()
    asked = {pack_id for pack_id, types in rows if not own.client_types or set(own.client_types) & set(types)}
    return Effect(sealed.values("pack_id").distinct().count(), len(asked))


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
        types=frozenset(row.type_code for row in facilities),
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
        rows = version.papers.filter(is_wanted=True).select_related("own", "party__company", "received_by", "checked_by", "waived_by")
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
        paper = item.paper
        if item.party is not None:
            heading = found.setdefault(("party", item.party_id), Heading(_now("Guarantors: %(name)s") % {"name": item.party}))
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
        if (paper := item.paper) is not None
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
