"""What deals add to shared screens."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.clients.parts import TransferWitness
from crm.companies.choices import CoverageKind
from crm.companies.finding import best, best_of_few, is_wide, rank
from crm.companies.models import Company, Coverage, SearchKey
from crm.companies.querysets import Typed, typed
from crm.companies.services.identity import RENAMED
from crm.kernel.addresses import url_of
from crm.kernel.contributions import (
    ApiRouter,
    ClientPanel,
    Finder,
    Found,
    Invariant,
    LogEntry,
    NavItem,
    PaletteCommand,
    PolicyTable,
    Reaction,
    RecordAction,
    TimelineKind,
    TodayCard,
    WorkKind,
    register,
)
from crm.kernel.permission import Permission, denied
from crm.kernel.prepared import Prepared
from crm.kernel.querysets import Reach
from crm.visits.choices import LOGGED
from prospects.deals import permissions, selectors, services
from prospects.deals.choices import DealEventKind, DealKind, DealWork, Source, Stage
from prospects.deals.models import Deal, Evidence
from prospects.deals.rules import FOUR_EYES


def _reads(user: Any) -> bool:
    return bool(permissions.can_list_deals(user=user))


def _opens(user: Any) -> bool:
    return bool(permissions.can_open_deal(user=user))


def _pursues(user: Any) -> bool:
    """Owns prospects, or heads those who do."""
    return _opens(user) or bool(user.actor.reach_of().centre_ids)


def _asks(user: Any) -> bool:
    return bool(permissions.can_ask_coverage(user=user))


def _panel_shown(user: Any, company: Any) -> bool:
    return _reads(user)


def _start_url(company: Company) -> str:
    return f"{url_of('deals:deal_create')}?company={company.pk}"


def _may_start(user: Any, company: Company) -> Permission:
    """Says nothing of who looks after it, unless within the reader's own reach: that is a question of its own, and logged."""
    may = permissions.can_open_deal(user=user)
    reach = user.actor.reach()
    if may and any(reach.covers(row) for row in company.current_coverage):
        return denied(_("This company is looked after within your reach."))
    return may


def _clip_url(mention: Any) -> str:
    """The form, filled with the company that a clipping names and with the clipping as the source."""
    clipping = mention.clipping
    told = f"{clipping.source.name}: {clipping.title}"[: Deal._meta.get_field("source_detail").max_length]
    asked = {"company": mention.company_id, "source": Source.CLIP.value, "source_detail": told}
    return f"{url_of('deals:deal_create')}?{urlencode(asked)}"


def _may_take_up(user: Any, mention: Any) -> Permission:
    """Whoever takes up prospects. Whether somebody looks after the company is the form's question, asked when it is sent, and logged."""
    return permissions.can_open_deal(user=user)


def _found(form: tuple[bool, bool, int, int], words: tuple[int, int]) -> Any:
    reach, asked, keys = Reach.given(form), Typed.given(words), SearchKey.objects
    seen = Deal.objects.within(reach).open()
    columns = ("pk", "owner_id", "sort_key", "stage", *selectors.NAMES)
    # A team's are few: each is asked for the query's keys, however common the word is elsewhere. Of more, a bounded range of keys is read.
    if not is_wide(reach):
        return best_of_few(seen, keys, "company_id", asked, *columns)
    return best(seen.bounded(asked).annotate(hit=keys.hit("company_id", asked)), *columns)


_FOUND: Prepared[Any] = Prepared(_found)


def _find(user: Any, query: str, limit: int) -> Sequence[Found]:
    """Open deals that the reader sees: exact codes first, then one's own, the beginning of the name before a word within it."""
    reach, asked = Deal.objects.reach_of(user), typed(query)
    rows = _FOUND(reach.form, asked.form, **reach.values, **asked.values)
    rows.sort(key=lambda row: (_rank(row, user, query), row.sort_key, row.pk))
    return [_as_found(row) for row in rows[:limit]]


def _rank(row: Any, user: Any, query: str) -> int:
    return rank(query, hit=row.hit, names=(row.company__name_en, row.company__name_zh), is_own=row.owner_id == user.pk)


def _as_found(row: Any) -> Found:
    """Of the few rows that are shown; making objects of all that are ranked would take longer than finding them."""
    company = Company(name_en=row.company__name_en, name_zh=row.company__name_zh)
    owner = get_user_model()(name_en=row.owner__name_en, name_zh=row.owner__name_zh)
    return Found(company.name, Deal(pk=row.pk).get_absolute_url(), company.other_name, f"{Stage(row.stage).label} · {owner}")


def _not_covered_by_owner() -> Iterator[str]:
    """Every open pursuit of a new client: covered by its owner as prospect or, once the account is opened, as client."""
    held = Coverage.objects.current().filter(company=OuterRef("company"), owner=OuterRef("owner"))
    rows = Deal.objects.open().filter(kind=DealKind.NEW).exclude(Exists(held))
    for pk in rows.values_list("pk", flat=True):
        yield f"Deal {pk}: its owner does not look after the company."


def _covered_without_pursuit() -> Iterator[str]:
    deals = Deal.objects.open().filter(kind=DealKind.NEW, company=OuterRef("company"), owner=OuterRef("owner"))
    rows = Coverage.objects.current().filter(kind=CoverageKind.PROSPECT).exclude(Exists(deals))
    for pk in rows.values_list("company_id", flat=True):
        yield f"Company {pk}: it is covered as a prospect and nobody pursues it."


def _pursued_twice() -> Iterator[str]:
    others = Deal.objects.open().filter(kind=DealKind.NEW, company=OuterRef("company")).exclude(pk=OuterRef("pk"))
    for pk in Deal.objects.open().filter(kind=DealKind.NEW).filter(Exists(others)).values_list("pk", flat=True):
        yield f"Deal {pk}: its company is pursued twice."


def _unprotected() -> Iterator[str]:
    for pk in Deal.objects.open().filter(Q(protected_until=None) | Q(owner=None)).values_list("pk", flat=True):
        yield f"Deal {pk}: it has no owner or no date of protection."


def _confirmed_alone() -> Iterator[str]:
    rows = Evidence.objects.filter(criterion__in=FOUR_EYES, confirmed_at__isnull=False).filter(Q(confirmed_by=None))
    for pk in rows.values_list("pk", flat=True):
        yield f"Evidence {pk}: it is confirmed by nobody."


def _other_order() -> Iterator[str]:
    same = Company.objects.filter(pk=OuterRef("company_id"), sort_key=OuterRef("sort_key"))
    for pk in Deal.objects.exclude(Exists(same)).values_list("pk", flat=True):
        yield f"Deal {pk}: its sort key is not its company's."


_TONES = {
    DealEventKind.OPENED: "indigo",
    DealEventKind.ADVANCED: "jade",
    DealEventKind.MOVED_BACK: "amber",
    DealEventKind.LOST: "seal",
    DealEventKind.NURTURED: "amber",
    DealEventKind.REOPENED: "indigo",
    DealEventKind.ASSIGNED: "mute",
}

_MOVE = re.compile(rf"({'|'.join(Stage.values)}) → ({'|'.join(Stage.values)})(?=:|$)")


def _words(title: str) -> str:
    """A row of the timeline: the stages that it keeps as codes by their names."""
    return _MOVE.sub(lambda codes: f"{Stage(codes[1]).label} → {Stage(codes[2]).label}", title, count=1)


register(
    TransferWitness("deals", services.follow_client),
    LogEntry(_("Prospect"), "deals:deal_create", "prospects", order=70, shown=_opens),
    NavItem(_("Prospects"), "deals:deal_list", "prospects", order=20, shown=_reads, on_phone=True),
    NavItem(pgettext_lazy("pipeline", "Board"), "deals:deal_board", "board", order=21, shown=_reads),
    PaletteCommand(_("New prospect"), "deals:deal_create", "plus", words=_("add lead deal"), order=40, shown=_opens),
    PaletteCommand(_("Who covers this company?"), "deals:coverage_ask", "search", words=_("owner coverage"), order=50, shown=_asks),
    PaletteCommand(_("Pipeline board"), "deals:deal_board", "board", words=_("stages pipeline"), order=60, shown=_reads),
    Finder("prospect", _("Prospects"), "prospects", _find, order=20, shown=_reads),
    RecordAction("companies.company", _("Start as a prospect"), "prospects", _start_url, _may_start, order=40),
    RecordAction("clippings.mention", _("Make it a prospect"), "prospects", _clip_url, _may_take_up, order=40),
    ClientPanel("deals", _("Prospects"), "deals:company_deals", order=30, shown=_panel_shown),
    *(TimelineKind(f"deal_{kind}", _("Prospect"), tone, "deals:deal_detail", _words) for kind, tone in _TONES.items()),
    WorkKind(
        DealWork.NEXT_STEP,
        DealWork.NEXT_STEP.label,
        "prospects",
        "deals:deal_detail",
        tick=services.complete_next_step,
        untick=services.reopen_next_step,
    ),
    WorkKind(DealWork.CONFIRM, DealWork.CONFIRM.label, "check", "deals:evidence_detail"),
    TodayCard("stale", _("Prospects going stale"), "deals/today_stale.html", selectors.going_stale, order=40, shown=_pursues, column=3),
    Reaction(event=LOGGED, task="deals.on_visit_logged"),
    Reaction(event=RENAMED, task="deals.follow_names"),
    Invariant("deals.one_pursuit", "A company has one open pursuit as a new client (invariant 30)", _pursued_twice),
    Invariant("deals.owner_covers", "Whoever owns an open pursuit looks after the company (invariant 30)", _not_covered_by_owner),
    Invariant("deals.coverage_pursued", "A company covered as a prospect is pursued by who covers it", _covered_without_pursuit),
    Invariant("deals.protected", "Every open deal has an owner and a date of protection", _unprotected),
    Invariant("deals.four_eyes", "What asks for four eyes is confirmed by somebody", _confirmed_alone),
    Invariant("deals.order", "A deal's sort key is its company's", _other_order),
    ApiRouter("prospects", "prospects.deals.api.router", order=40),
    PolicyTable(
        "deals.lead_cap",
        _("Open protected leads at most"),
        _("Prospects"),
        "count",
        personal=True,
        simulate="prospects.deals.selectors.full_under",
        order=110,
    ),
    PolicyTable("deals.probability", _("Probability of winning"), _("Prospects"), "percent", labels=dict(Stage.choices), order=120),
    PolicyTable("deals.max_age_days", _("Longest stay in a stage"), _("Prospects"), "days", labels=dict(Stage.choices), order=130),
    PolicyTable(
        "deals.max_age_working_days",
        _("Longest stay in a stage, working days"),
        _("Prospects"),
        "days",
        labels=dict(Stage.choices),
        order=140,
    ),
    PolicyTable(
        "deals.protection",
        _("Protection of a lead"),
        _("Prospects"),
        "days",
        labels={"days": _("From each activity"), "months_unqualified": _("In all, unless qualified")},
        units={"months_unqualified": "months"},
        order=150,
    ),
    PolicyTable(
        "deals.minimum_income",
        _("Income expected in the first year, at least (HKD unless a jurisdiction has its own figure)"),
        _("Prospects"),
        "money",
        order=160,
    ),
)
