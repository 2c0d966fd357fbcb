"""What hospitality adds to shared screens."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.hospitality import permissions, previews, selectors
from crm.hospitality.approving import KINDS
from crm.hospitality.choices import MONTH, TIMELINE, Account, Kind, State, Work
from crm.hospitality.models import Batch, HospitalityRequest, PostingLine
from crm.kernel.addresses import url_of
from crm.kernel.contributions import (
    ApiRouter,
    ClientPanel,
    CompanyForm,
    Invariant,
    KnownOfficials,
    LogEntry,
    NavItem,
    PaletteCommand,
    PolicyTable,
    RecordAction,
    TimelineKind,
    WorkKind,
    register,
)
from crm.kernel.limits import Budget, decimal
from crm.kernel.permission import Permission, denied
from crm.kernel.wording import spoken
from crm.visits.choices import VisitState


def _wrong_month_sums() -> Iterator[str]:
    """What events hold in a month is what its budget counts."""
    held: dict[tuple[str, str], Decimal] = {}
    rows = HospitalityRequest.objects.exclude(reserved=0, paid=0).values_list("owner_id", "event_on", "reserved", "paid")
    for owner_id, day, reserved, paid in rows:
        key = (f"user:{owner_id}", f"{day:%Y-%m}")
        held[key] = held.get(key, Decimal(0)) + reserved + paid
    for budget in Budget.objects.filter(scope=MONTH):
        if held.pop((budget.holder, budget.period), Decimal(0)) != decimal(budget.used_hundredths):
            yield f"{budget}: its events do not hold what it counts."
    for holder, period in held:
        yield f"{MONTH} {holder} {period}: events hold what no budget counts."


def _self_approved() -> Iterator[str]:
    at_table = Q(seats__user=F("decided_by")) | Q(seats__user=F("consented_by"))
    rows = HospitalityRequest.objects.filter(Q(decided_by=F("owner")) | Q(consented_by=F("owner")) | at_table)
    for number in rows.values_list("number", flat=True).distinct():
        yield f"{number}: decided by somebody at the table."


def _officials_without_consent() -> Iterator[str]:
    rows = HospitalityRequest.objects.filter(guests__is_official=True, guests__came=True, paid__gt=0, consented_at=None)
    for number in rows.values_list("number", flat=True).distinct():
        yield f"{number}: paid for a public official without consent."


def _paid_without_receipt() -> Iterator[str]:
    rows = HospitalityRequest.objects.filter(state__in=(State.VERIFIED, State.POSTED, State.PAID), paid__gt=0, receipts=None)
    for number in rows.values_list("number", flat=True):
        yield f"{number}: paid without a receipt."


def _unbalanced_books() -> Iterator[str]:
    """Summed up here, since SQLite adds decimals as binary fractions."""
    sums: dict[int, Decimal] = {}
    for batch_id, debit, credit in PostingLine.objects.values_list("batch_id", "debit", "credit"):
        sums[batch_id] = sums.get(batch_id, Decimal(0)) + debit - credit
    for number in Batch.objects.filter(pk__in=[key for key, total in sums.items() if total]).values_list("number", flat=True):
        yield f"Posting {number} does not balance."


def _reads(user: Any) -> bool:
    return bool(permissions.can_read(user=user))


def _panel_shown(user: Any, company: Any) -> bool:
    return _reads(user)


def _new_for(record: Any) -> str:
    return f"{url_of('hospitality:request_create')}?company={getattr(record, 'company_id', record.pk)}"


def _new_from_visit(visit: Any) -> str:
    return f"{url_of('hospitality:request_create')}?company={visit.company_id}&visit={visit.pk}"


def _can_from_visit(user: Any, visit: Any) -> Permission:
    if visit.state != VisitState.DONE or visit.owner_id != user.pk:
        return denied(_("Who made the visit enters what was spent at it."))
    return permissions.can_host(user=user, company=previews.with_coverage(visit.company))


def _money_table(name: str, label: Any, order: int, **more: Any) -> PolicyTable:
    return PolicyTable(name, label, _("Hospitality"), "money", order=order, **more)


TABLES = (
    _money_table(MONTH, _("A host's month"), 200, personal=True, simulate="crm.hospitality.simulating.months"),
    _money_table("hospitality.lunch", _("Per head at lunch"), 201, simulate="crm.hospitality.simulating.lunch"),
    _money_table("hospitality.dinner", _("Per head at dinner"), 202, simulate="crm.hospitality.simulating.dinner"),
    _money_table(
        "hospitality.official_lunch", _("Per head at lunch with officials"), 203, simulate="crm.hospitality.simulating.official_lunch"
    ),
    _money_table(
        "hospitality.official_dinner", _("Per head at dinner with officials"), 204, simulate="crm.hospitality.simulating.official_dinner"
    ),
    _money_table("hospitality.client", _("A client's quarter, whole bank"), 205, simulate="crm.hospitality.simulating.quarters"),
    PolicyTable("hospitality.guest", _("Invitations of one guest in a quarter"), _("Hospitality"), "times", order=206),
    _money_table("hospitality.free", _("Needs no approval up to"), 207, simulate="crm.hospitality.simulating.free"),
    _money_table("hospitality.ladder", _("Decides up to"), 208, simulate="crm.hospitality.simulating.ladder"),
    PolicyTable(
        "hospitality.deadlines",
        _("Terms of hospitality"),
        _("Hospitality"),
        "days",
        labels={
            "report_working_days": _("Report after the event (working days)"),
            "claim_working_days": _("Claim after the event (working days)"),
            "release_days": _("Released when not reported"),
            "close_working_day": _("A month closes on this working day of the next"),
            "ahead_days": _("Asked for ahead at most"),
            "behind_days": _("Entered afterwards at most"),
            "reopen_days": _("Time to report what was reopened"),
        },
        order=209,
    ),
    PolicyTable(
        "hospitality.rules",
        _("Rules of hospitality"),
        _("Hospitality"),
        "count",
        labels={
            "overrun_percent": _("Paid above the approved estimate"),
            "tip_percent": _("Tip that may be claimed"),
            "split_hours": _("Bills are added together within"),
            "table_hours": _("One table within"),
            "guests": _("Guests at a table"),
            "near_cap_percent": _("Just under the cap from"),
            "often_times": _("Again and again from"),
        },
        units={
            "overrun_percent": "percent",
            "tip_percent": "percent",
            "split_hours": "hours",
            "table_hours": "hours",
            "near_cap_percent": "percent",
            "often_times": "times",
        },
        order=210,
    ),
    PolicyTable(
        "hospitality.majors",
        _("Deposit majors: guests of tier A"),
        _("Hospitality"),
        "money",
        labels={"percent": _("More per head"), "deposits": _("From average deposits of")},
        units={"percent": "percent"},
        order=213,
    ),
    PolicyTable(
        "hospitality.effect",
        _("What hospitality may cost beside income"),
        _("Hospitality"),
        "percent",
        labels={"outlier_percent": _("Stands out above this share of income")},
        order=214,
    ),
    PolicyTable(
        "hospitality.effect_rates",
        _("Hong Kong dollars for 100 of another currency, for comparing cost with income"),
        _("Hospitality"),
        "money",
        labels={"CNY": _("Renminbi")},
        order=215,
    ),
    _money_table(
        "hospitality.amounts",
        _("Amounts of hospitality"),
        211,
        labels={"cash": _("Paid in cash at most"), "ceiling": _("One event at most")},
    ),
    PolicyTable(
        "hospitality.accounts",
        _("Accounts of hospitality"),
        _("Hospitality"),
        "text",
        labels={account.value: account.label for account in Account},
        order=212,
    ),
)

register(
    NavItem(_("Hospitality"), "hospitality:request_list", "hospitality", order=60, section=_("Money"), shown=_reads),
    LogEntry(_("Hospitality"), "hospitality:request_create", "hospitality", order=40, shown=permissions.is_host),
    PaletteCommand(
        _("Ask for hospitality"),
        "hospitality:request_create",
        "hospitality",
        words=_("dinner lunch entertain guests"),
        order=40,
        shown=permissions.is_host,
    ),
    CompanyForm("hospitality", "hospitality:request_create"),
    *(
        RecordAction(model, _("Ask for hospitality"), "hospitality", _new_for, permissions.can_host_with, order=40)
        for model in ("companies.company", "clients.client")
    ),
    RecordAction("visits.visit", _("Hospitality"), "hospitality", _new_from_visit, _can_from_visit, order=40),
    ClientPanel("hospitality", _("Hospitality"), "hospitality:company_hospitality", order=40, shown=_panel_shown),
    TimelineKind(TIMELINE, _("Hospitality"), "amber", "hospitality:request_detail", spoken(Kind)),
    WorkKind(Work.DECIDE, _("Hospitality to decide"), "hospitality", "hospitality:request_detail"),
    WorkKind(Work.CONSENT, _("Hospitality: consent"), "hospitality", "hospitality:request_detail"),
    WorkKind(Work.REPORT, _("Report hospitality"), "hospitality", "hospitality:request_detail"),
    WorkKind(Work.CLAIM, _("Claim hospitality"), "hospitality", "hospitality:request_detail"),
    WorkKind(Work.VERIFY, _("Claim to check"), "hospitality", "hospitality:request_detail"),
    WorkKind(Work.EXTRA, _("More hospitality asked for"), "hospitality", "hospitality:extra_grant"),
    KnownOfficials("hospitality", selectors.once_official),
    *KINDS,
    *TABLES,
    Invariant("hospitality.months", "What events hold in a month is what its budget counts", _wrong_month_sums),
    Invariant("hospitality.apart", "Nobody at the table decided or consented", _self_approved),
    Invariant("hospitality.officials", "Nothing is paid for officials without consent", _officials_without_consent),
    Invariant("hospitality.receipts", "Nothing is paid without a receipt", _paid_without_receipt),
    Invariant("hospitality.books", "Every posting balances", _unbalanced_books),
    ApiRouter("hospitality", "crm.hospitality.api.router", order=80),
)
