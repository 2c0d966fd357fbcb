"""Reads over packs: their working version, the figures that hold, what stands in the way, which companies may be chosen."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from credit.packs import rules
from credit.packs.catalogue import CLOSED, FacilityType, facility_types
from credit.packs.choices import ENDED_VERSIONS, GRANTED, LIVE, PRE_DECISION, State, VersionState
from credit.packs.models import Facility, Pack, PackVersion, Party, Security
from crm.companies.models import Company, Coverage
from crm.kernel.errors import RuleBroken, Sentence
from crm.policy import selectors as policy
from crm.staff.choices import RELATIONSHIP_ROLES

_FX = "concessions.fx"
"""The bank's rates of other currencies, for 100 of them: one table for all that is converted on a page."""


def company_of(company_id: int, actor: Any) -> Company:
    """The company with who looks after it. Company.DoesNotExist where hidden."""
    company = Company.objects.visible_to(actor).select_related("client", "group").get(pk=company_id)
    company.current_coverage = list(Coverage.objects.current().filter(company_id=company_id).order_by("kind"))
    return company


def coverable(user: Any) -> QuerySet[Company]:
    """The companies for which this person may begin a pack."""
    posts = [post for post in user.actor.posts if post.role in (*RELATIONSHIP_ROLES, "TH")]
    if not posts:
        return Company.objects.none()
    covered = Coverage.objects.current().within(user.actor.reach_of())
    return Company.objects.visible_to(user).filter(pk__in=covered.values("company_id"))


def stands(jurisdiction: str, *, on: dt.date) -> dict[str, str]:
    """How each kind of facility counts on a day: {"OD": "uncommitted", …}."""
    return policy.table("packs.facilities", jurisdiction=jurisdiction, on=on)


def offered_types(jurisdiction: str, *, on: dt.date) -> list[FacilityType]:
    """The kinds of facilities that may be asked for on a day."""
    held = stands(jurisdiction, on=on)
    return [kind for kind in facility_types().values() if kind.jurisdiction == jurisdiction and held.get(kind.code, CLOSED) != CLOSED]


def currencies(centre: Any, *, on: dt.date) -> list[str]:
    """The centre's own and those that have a rate."""
    others = policy.table(_FX, jurisdiction=centre.jurisdiction, on=on)
    return [centre.currency, *(code for code in others if code != centre.currency)]


def rate(currency: str, *, centre: Any, on: dt.date) -> Decimal:
    """Units of the centre's currency for one of another. RuleBroken (field `currency`) for one without a rate."""
    if currency == centre.currency:
        return Decimal(1)
    hundred = policy.table(_FX, jurisdiction=centre.jurisdiction, on=on).get(currency)
    if not hundred or Decimal(hundred) <= 0:
        sentence = _("There is no rate for this currency today. Write the amount in %(currency)s.") % {"currency": centre.currency}
        raise RuleBroken(sentence, code="no_rate", fields={"currency": sentence})
    return Decimal(hundred) / 100


def docs_percent(jurisdiction: str, *, on: dt.date) -> int:
    """The share of required papers that must be in before the application is begun."""
    return int(policy.table("packs.rules", jurisdiction=jurisdiction, on=on)["docs_percent"])


def usual_authorship(segment: str, jurisdiction: str, *, on: dt.date) -> str:
    """Who writes unless the pack says otherwise."""
    return str(policy.table("packs.authorship", jurisdiction=jurisdiction, on=on)[segment])


def draft_of(pack: Pack) -> PackVersion | None:
    """The version that is worked on; None where none is open."""
    return pack.versions.filter(state=VersionState.DRAFT).first()


def sealed_of(pack: Pack) -> PackVersion | None:
    """The version that is sealed, on hold or not; None before the first one is."""
    return pack.versions.filter(state__in=(VersionState.SEALED, VersionState.ON_HOLD)).first()


def versions_of(pack: Pack, *, user: Any) -> list[PackVersion]:
    """The versions that this person may see, the newest first, each with its pack."""
    rows = list(PackVersion.objects.visible_to(user).filter(pack=pack).select_related("opened_by").order_by("-number"))
    for row in rows:
        row.pack = pack
    return rows


def shown_version(versions: Sequence[PackVersion], asked: str = "") -> PackVersion | None:
    """The version of this number, else the newest that was not dropped."""
    named = next((row for row in versions if str(row.number) == asked), None)
    return named or next((row for row in versions if row.state not in ENDED_VERSIONS), versions[0] if versions else None)


def facilities_of(version: PackVersion) -> list[Facility]:
    """In the order in which they were added; read once for each loaded version."""
    return _once(version, "_facilities", lambda: list(version.facilities.select_related("borrower__company").order_by("pk")))


def parties_of(version: PackVersion) -> list[Party]:
    """Borrowers first; read once for each loaded version."""
    order = {role: place for place, role in enumerate(("borrower", "primary", "guarantor", "security"))}
    return _once(
        version,
        "_parties",
        lambda: sorted(version.parties.select_related("company").order_by("pk"), key=lambda row: order.get(row.role, 9)),
    )


def securities_of(version: PackVersion) -> list[Security]:
    """In the order in which they were added; read once for each loaded version."""
    return _once(version, "_securities", lambda: list(version.securities.select_related("provider__company").order_by("pk")))


def _once(version: PackVersion, name: str, read: Any) -> Any:
    if name not in version.__dict__:
        version.__dict__[name] = read()
        # Whoever asks the version itself for all of them reads nothing anew.
        rows = getattr(version, name.strip("_")).all()
        rows._result_cache = version.__dict__[name]
        version.__dict__.setdefault("_prefetched_objects_cache", {})[name.strip("_")] = rows
    return version.__dict__[name]


def forget(version: PackVersion) -> None:
    """What was read of a version is read again."""
    for name in ("_facilities", "_parties", "_securities"):
        version.__dict__.pop(name, None)
        version.__dict__.get("_prefetched_objects_cache", {}).pop(name.strip("_"), None)


def lending_value(version: PackVersion) -> Decimal:
    """What all securities lend, in the pack's currency."""
    return sum((rules.lending_value(row) for row in securities_of(version)), rules.ZERO)


def listed() -> Prefetch:
    """The versions of packs in a list, oldest first."""
    return Prefetch("versions", queryset=PackVersion.objects.order_by("number"))


def pending_of(company_ids: Sequence[int], day: dt.date) -> Mapping[int, Sentence]:
    """For hospitality and gifts: companies for which a pack is up for decision (domain 4.2, sensitive)."""
    rows = Pack.objects.filter(company_id__in=company_ids, state=State.FOR_DECISION).values_list("company_id", flat=True)
    return dict.fromkeys(rows, _("A credit application is up for decision."))


def proves_handoff(company_id: int) -> str | None:
    """For the stages of a pursuit (domain 2.3): a pack of the company was handed off."""
    number = Pack.objects.filter(company_id=company_id, handed_off_at__isnull=False).order_by("pk").values_list("number", flat=True).first()
    return _now("Credit pack %(number)s was handed off") % {"number": number} if number else None


def proves_decision(company_id: int) -> str | None:
    """A credit decision was positive. Which one it was stays with the pack."""
    found = Pack.objects.filter(company_id=company_id, state__in=(*GRANTED, *LIVE)).order_by("pk").values_list("number", flat=True).first()
    return _now("Credit pack %(number)s is approved") % {"number": found} if found else None


def proves_acceptance(company_id: int) -> str | None:
    """The client accepted the offer."""
    accepted = (State.ACCEPTED, State.CP_PENDING, *LIVE)
    number = Pack.objects.filter(company_id=company_id, state__in=accepted).order_by("pk").values_list("number", flat=True).first()
    return _now("The offer of credit pack %(number)s is accepted") % {"number": number} if number else None


def open_packs(company: Company, *, user: Any) -> QuerySet[Pack]:
    """Packs of a company that this person may see, the newest first."""
    return Pack.objects.visible_to(user).filter(company=company).select_related("owner").order_by("-state_since", "-pk")


def party_companies(pack: Pack, *, user: Any) -> QuerySet[Company]:
    """Who may be a party: the company itself, its group, and the companies that the reader looks after."""
    test = Q(pk=pack.company_id) | Q(pk__in=coverable(user).values("pk"))
    if pack.company.group_id:
        test |= Q(group_id=pack.company.group_id)
    return Company.objects.visible_to(user).filter(test).order_by("sort_key", "pk")


def is_open(pack: Pack) -> bool:
    """Not yet decided or closed."""
    return pack.state in PRE_DECISION
