"""Exposure by holder: a corporate group, or a company that belongs to none. Worked out from what stands now, never from a counter."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from credit.exposure import rules
from credit.exposure.rules import ZERO, Amounts, Thresholds
from credit.packs.choices import GRANTED, IN_CREDIT, LIVE, PartyRole, SecurityKind, State, VersionState
from credit.packs.models import Pack, PackVersion
from crm.companies.models import Company
from crm.concessions.choices import Kind
from crm.concessions.choices import State as ConcessionState
from crm.concessions.models import Concession
from crm.figures import selectors as figures
from crm.kernel.errors import RuleBroken
from crm.kernel.money import round_to
from crm.policy import selectors as policy

SCOPE = "credit.exposure"
HOME = "HKD"
_Limits = dict[int, tuple[Decimal, Decimal]]
PENDING = (State.ENDORSE, *IN_CREDIT)
COUNTED = (*PENDING, *GRANTED, *LIVE)
_EXCESS = (ConcessionState.APPROVED, ConcessionState.PART, ConcessionState.APPLIED)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose exposure it is: "group:7" or "company:12"."""

    key: str
    name: str
    url: str
    is_group: bool
    record: Any = field(compare=False)

    @classmethod
    def of(cls, company: Company) -> "Holder":
        """The company's group, else the company itself."""
        if company.group_id and company.group:
            return cls(f"group:{company.group_id}", company.group.name, company.group.get_absolute_url(), True, company.group)
        return cls(f"company:{company.pk}", company.name, company.get_absolute_url(), False, company)


@dataclass(frozen=True, slots=True)
class Line:
    """One pack that counts: what it adds, in Hong Kong dollars, and as what. `version` is the number of the one that stands."""

    pack: Pack
    version: int
    amount: Decimal
    stands: str


@dataclass(slots=True)
class Exposure:
    """What stands with one holder."""

    holder: Holder
    thresholds: Thresholds
    amounts: Amounts = field(default_factory=Amounts)
    lines: list[Line] = field(default_factory=list)

    @property
    def headroom(self) -> Decimal:
        """What may still be approved; below zero where the stop is passed."""
        return self.thresholds.stop - self.amounts.total

    @property
    def tone(self) -> str:
        """How near it is."""
        return rules.tone(self.amounts, self.thresholds)

    @property
    def percent(self) -> Decimal | None:
        """Of the legal limit."""
        return rules.percent(self.amounts.total, self.thresholds.legal)


def thresholds(jurisdiction: str, *, on: dt.date) -> dict[bool, Thresholds]:
    """By the bank's figures of the day, for a group (True) and for one company. One statement."""
    told = policy.tables(("exposure.capital", "exposure.legal", "exposure.thresholds"), jurisdiction=jurisdiction, on=on)
    own = told["exposure.thresholds"]
    return {
        is_group: Thresholds.of(
            tier1=Decimal(told["exposure.capital"]["tier1"]),
            legal_percent=int(told["exposure.legal"]["group" if is_group else "single"]),
            warn_percent=int(own["warn"]),
            stop_percent=int(own["stop"]),
        )
        for is_group in (True, False)
    }


def members_of(holders: Sequence[Holder]) -> dict[str, list[int]]:
    """The companies that count together, by the holder's key. One statement."""
    found = {holder.key: [] if holder.is_group else [holder.record.pk] for holder in holders}
    groups = [holder.record.pk for holder in holders if holder.is_group]
    for pk, group_id in Company.objects.filter(group_id__in=groups, merged_into=None).values_list("pk", "group_id"):
        found[f"group:{group_id}"].append(pk)
    return found


def holders_of(pack: Pack, version: PackVersion | None) -> list[Holder]:
    """Whose exposure a pack adds to: the borrower's, and that of each guarantor who is the primary source of repayment."""
    found = {Holder.of(pack.company)}
    if version is not None:
        primary = version.parties.filter(role=PartyRole.PRIMARY_GUARANTOR, company__isnull=False).select_related("company__group")
        found |= {Holder.of(party.company) for party in primary if party.company}
    return sorted(found, key=lambda one: one.key)


def exposure_of(holder: Holder, *, jurisdiction: str, on: dt.date) -> Exposure:
    """One holder's exposure. A fixed number of statements. RuleBroken where a currency has no rate."""
    (found,) = exposures([holder], jurisdiction=jurisdiction, on=on)
    return found


def exposures(holders: Sequence[Holder], *, jurisdiction: str, on: dt.date) -> list[Exposure]:
    """Several, in their order; the packs, limits and excesses of all are read at once."""
    members, limits = members_of(holders), thresholds(jurisdiction, on=on)
    everyone = sorted({pk for ids in members.values() for pk in ids})
    convert = _Rates(on)
    by_company = _lines(everyone, convert)
    core, excess = _core_limits(everyone, on), _excesses(everyone, on, convert)
    found = []
    for holder in holders:
        lines = {line.pack.pk: line for pk in members[holder.key] for line in by_company[pk]}
        amounts = _amounts(members[holder.key], list(lines.values()), core, excess)
        found.append(Exposure(holder, limits[holder.is_group], amounts, sorted(lines.values(), key=_in_order)))
    return found


def adds(pack: Pack, version: PackVersion, *, on: dt.date) -> Decimal:
    """What approving this version would add, in Hong Kong dollars."""
    return _counted(pack, version, _Rates(on))


def group_total(pack: Pack, version: PackVersion, *, on: dt.date) -> Decimal:
    """The group's total after the request, for authority (domain 6.7): with what else is pending, so that no request is split in two.

    Of several holders (a guarantor who is the primary source) the largest.
    """
    totals = []
    for holder in holders_of(pack, version):
        others = exposure_of(holder, jurisdiction=pack.jurisdiction, on=on)
        own = sum((line.amount for line in others.lines if line.pack.pk == pack.pk), ZERO)
        totals.append(others.amounts.with_pending - own)
    return max(totals) + adds(pack, version, on=on)


def listed(user: Any) -> list[Holder]:
    """The holders with whom something is at stake, of the packs that this person may see."""
    rows = Pack.objects.visible_to(user).filter(state__in=COUNTED).select_related("company__group")
    return sorted({Holder.of(pack.company) for pack in rows}, key=lambda one: one.name)


def _in_order(line: Line) -> tuple[str, int]:
    return line.stands, line.pack.pk


class _Rates:
    """Into Hong Kong dollars, by the bank's own rates of a day, read once."""

    def __init__(self, on: dt.date) -> None:
        self._rates = policy.table("concessions.fx", jurisdiction="HK", on=on)

    def __call__(self, amount: Decimal, currency: str) -> Decimal:
        if currency == HOME or not amount:
            return amount
        try:
            return amount * Decimal(self._rates[currency]) / 100
        except KeyError:
            raise RuleBroken(_("There is no rate for %(currency)s today.") % {"currency": currency}, code="no_rate") from None


def _lines(company_ids: Sequence[int], convert: _Rates) -> dict[int, list[Line]]:
    """What counts of each company: as borrower, and as a guarantor who is the primary source."""
    guaranteed = Q(parties__role=PartyRole.PRIMARY_GUARANTOR, parties__company_id__in=company_ids)
    standing = PackVersion.objects.filter(state__in=(VersionState.SEALED, VersionState.ON_HOLD))
    by_guarantor = standing.filter(guaranteed).values("pack_id")
    rows = Pack.objects.filter(state__in=COUNTED).filter(Q(company_id__in=company_ids) | Q(pk__in=by_guarantor))
    content = standing.prefetch_related("facilities", "securities", "parties").order_by("-number")
    found: dict[int, list[Line]] = defaultdict(list)
    for pack in rows.select_related("company").prefetch_related(Prefetch("versions", content, to_attr="standing")):
        for version in pack.standing[:1]:  # type: ignore[attr-defined]
            line = Line(pack, version.number, _counted(pack, version, convert), _stands(pack.state))
            for pk in {pack.company_id, *_primary(version)}:
                found[pk].append(line)
    return found


def _primary(version: PackVersion) -> Iterable[int]:
    return [party.company_id for party in version.parties.all() if party.role == PartyRole.PRIMARY_GUARANTOR and party.company_id]


def _counted(pack: Pack, version: PackVersion, convert: _Rates) -> Decimal:
    existing = sum((row.existing for row in version.facilities.all() if not row.in_cap), ZERO)
    cash = sum((row.value for row in version.securities.all() if row.kind == SecurityKind.DEPOSIT), ZERO)
    return round_to(convert(rules.counted(requested=pack.requested, existing=existing, own_cash=cash), pack.currency), 2)


def _stands(state: str) -> str:
    if state in LIVE:
        return "live"
    return "approved" if state in GRANTED else "pending"


def _amounts(members: Sequence[int], lines: Sequence[Line], core: _Limits, excess: dict[int, Decimal]) -> Amounts:
    by_kind: dict[str, Decimal] = defaultdict(lambda: ZERO)
    live: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        if line.stands == "live" and line.pack.company_id in members:
            live[line.pack.company_id] += line.amount
        else:
            by_kind[line.stands] += line.amount
    limits = sum((rules.live_limits(core=core.get(pk, (ZERO, ZERO))[0], packs=live[pk]) for pk in members), ZERO)
    return Amounts(
        approved=by_kind["approved"],
        live=limits + by_kind["live"],
        drawn=sum((core.get(pk, (ZERO, ZERO))[1] for pk in members), ZERO),
        pending=by_kind["pending"],
        excess=sum((excess.get(pk, ZERO) for pk in members), ZERO),
    )


def _core_limits(company_ids: Sequence[int], on: dt.date) -> _Limits:
    """(limits, drawn) of each company by the core bank's newest figures."""
    clients = dict(Company.objects.filter(pk__in=company_ids, client__isnull=False).values_list("client__pk", "pk"))
    stood = figures.limits_of(list(clients), on=on)
    return {clients[pk]: amounts for pk, amounts in stood.items()}


def _excesses(company_ids: Sequence[int], on: dt.date, convert: _Rates) -> dict[int, Decimal]:
    """Temporary excesses that are granted and not over (domain 5.1, CT5)."""
    rows = Concession.objects.filter(kind=Kind.CT5, company_id__in=company_ids, state__in=_EXCESS, sunset_on__gte=on, amount__isnull=False)
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for company_id, amount, currency in rows.values_list("company_id", "amount", "currency"):
        found[company_id] += round_to(convert(amount, currency), 2)
    return found
