"""Facilities, parties and securities of a draft: added, changed, taken away by the pack's relationship manager."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.packs import rules, selectors
from credit.packs.choices import Act, PartyRole
from credit.packs.models import Facility, Pack, PackVersion, Party, Security
from credit.packs.rules import FacilityEntry, PartyEntry, SecurityEntry
from credit.packs.services import steps
from credit.packs.services.packs import draft, recount, tell_parts
from crm.companies.models import Company
from crm.kernel.errors import RuleBroken
from crm.kernel.money import round_to

_PARTY = ("role", "company", "person_name", "is_elderly_or_spouse", "limit", "note")
_FACILITY = (
    *("type_code", "currency", "amount", "existing", "tenor_months", "purpose", "borrower", "in_cap"),
    *("margin_bps", "base_rate", "fee", "repayment"),
)
_SECURITY = ("kind", "description", "provider", "value", "valued_on", "valuer", "haircut_percent", "senior_debt")


@transaction.atomic
def keep_party(
    *, pack_id: int, entry: PartyEntry, actor: Any, now: dt.datetime, party_id: int | None = None, seen: int | None = None
) -> Party:
    """Add a party, or change the one of this id. Party.DoesNotExist for one of another version; Company.DoesNotExist where hidden;
    RuleBroken for the same party twice in a role, and for the pack's own company as anything but the borrower. StaleVersion where
    `seen`, the pack's version that the row was shown with, is not the one kept.
    """  # fmt: skip
    pack, version = draft(pack_id, actor)
    party = version.parties.get(pk=party_id) if party_id else Party(version=version)
    pack.count_up(seen, shown=_PARTY, of=party)
    columns = rules.check_party(entry)
    if entry.company_id is not None:
        columns["company"] = Company.objects.visible_to(actor).get(pk=entry.company_id)
        if entry.company_id == pack.company_id and entry.role != PartyRole.BORROWER:
            raise rules.refuse("role", _("The company itself is the borrower. It does not stand surety for itself."))
    _room(version.parties, party)
    if party.role == PartyRole.BORROWER and party.company_id == pack.company_id and entry.company_id != pack.company_id:
        raise rules.refuse("role", _("The company that the pack is about stays its borrower."))
    same = version.parties.filter(role=entry.role, company=columns.get("company"), person_name=columns["person_name"]).exclude(pk=party.pk)
    if same.exists():
        raise rules.refuse("person_name", _("This party stands there already."))
    party.company = None
    return _keep(party, columns, pack, version, actor=actor, now=now)


@transaction.atomic
def keep_facility(
    *, pack_id: int, entry: FacilityEntry, actor: Any, now: dt.datetime, facility_id: int | None = None, seen: int | None = None
) -> Facility:
    """Add a facility, or change the one of this id; its worth in the pack's currency at today's rate.

    Facility.DoesNotExist for one of another version; RuleBroken for a type not offered, a currency without a rate, a borrower that is
    none, and a sublimit above or without its shared limit. StaleVersion where `seen`, the pack's version that the row was shown with, is
    not the one kept.
    """
    pack, version = draft(pack_id, actor)
    facility = version.facilities.get(pk=facility_id) if facility_id else Facility(version=version)
    pack.count_up(seen, shown=_FACILITY, of=facility)
    on = timezone.localdate(now, pack.centre.zone)
    standing = selectors.stands(pack.jurisdiction, on=on).get(entry.type_code)
    columns = rules.check_facility(entry, standing=standing, jurisdiction=pack.jurisdiction)
    columns["total"] = round_to(columns["amount"] * selectors.rate(entry.currency, centre=pack.centre, on=on), 2)
    columns["borrower"] = _party(version, entry.borrower_id, "borrower_id", PartyRole.BORROWER)
    _room(version.facilities, facility)
    kept = _keep(facility, columns, pack, version, actor=actor, now=now)
    rules.check_caps(selectors.facilities_of(version))
    return kept


@transaction.atomic
def keep_security(
    *, pack_id: int, entry: SecurityEntry, actor: Any, now: dt.datetime, security_id: int | None = None, seen: int | None = None
) -> Security:
    """Add a security, or change the one of this id. Security.DoesNotExist for one of another version; RuleBroken; StaleVersion as
    `keep_facility`.
    """  # fmt: skip
    pack, version = draft(pack_id, actor)
    security = version.securities.get(pk=security_id) if security_id else Security(version=version)
    pack.count_up(seen, shown=_SECURITY, of=security)
    columns = rules.check_security(entry, today=timezone.localdate(now, pack.centre.zone))
    columns["provider"] = _party(version, entry.provider_id, "provider_id")
    _room(version.securities, security)
    return _keep(security, columns, pack, version, actor=actor, now=now)


@transaction.atomic
def remove_party(*, pack_id: int, party_id: int, actor: Any, now: dt.datetime) -> Pack:
    """Take a party away. RuleBroken for the company itself, and one that a facility or security names."""
    pack, version = draft(pack_id, actor)
    party = version.parties.get(pk=party_id)
    if party.role == PartyRole.BORROWER and party.company_id == pack.company_id:
        raise RuleBroken(_("The company that the pack is about stays its borrower."))
    if party.facilities.exists() or party.securities.exists():
        raise RuleBroken(_("A facility or security names this party. Change that first."))
    return _remove(party, pack, version, actor=actor, now=now)


@transaction.atomic
def remove_facility(*, pack_id: int, facility_id: int, actor: Any, now: dt.datetime) -> Pack:
    """Take a facility away. RuleBroken for a shared limit under which others stand."""
    pack, version = draft(pack_id, actor)
    _remove(version.facilities.get(pk=facility_id), pack, version, actor=actor, now=now)
    rules.check_caps(selectors.facilities_of(version))
    return pack


@transaction.atomic
def remove_security(*, pack_id: int, security_id: int, actor: Any, now: dt.datetime) -> Pack:
    """Take a security away."""
    pack, version = draft(pack_id, actor)
    return _remove(version.securities.get(pk=security_id), pack, version, actor=actor, now=now)


def _party(version: PackVersion, party_id: int | None, field: str, role: str = "") -> Party | None:
    if party_id is None:
        return None
    party = version.parties.filter(pk=party_id, **({"role": role} if role else {})).first()
    if party is None:
        raise rules.refuse(field, _("Pick a party of this pack."))
    return party


def _room(rows: Any, row: Any) -> None:
    if row.pk is None and rows.count() >= rules.MOST_ROWS:
        raise RuleBroken(_("A version holds %(most)s of these at most.") % {"most": rules.MOST_ROWS}, code="too_many")


def _keep(row: Any, columns: dict[str, Any], pack: Pack, version: PackVersion, *, actor: Any, now: dt.datetime) -> Any:
    is_new = row.pk is None
    before = "" if is_new else str(row)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    _note(row, pack, version, actor=actor, now=now, before=before, after=str(row))
    return row


def _remove(row: Any, pack: Pack, version: PackVersion, *, actor: Any, now: dt.datetime) -> Pack:
    before = str(row)
    pack.count_up(None, shown=())
    row.delete()
    _note(row, pack, version, actor=actor, now=now, before=before, after="")
    return pack


def _note(row: Any, pack: Pack, version: PackVersion, *, actor: Any, now: dt.datetime, before: str, after: str) -> None:
    what = row._meta.model_name
    # No version of the pack's history: what changed stands in the step.
    Pack.objects.filter(pk=pack.pk).update(version=pack.version)
    if selectors.sealed_of(pack) is None:
        # Once a version is sealed the pack stands with what that one asks for, until the next is sealed.
        recount(pack, version, actor=actor, now=now)
    selectors.forget(version)
    steps.step(pack, Act.CHANGE, actor=actor, now=now, version=version, what=what, before=before, after=after)
    tell_parts(version, actor=actor, now=now)
