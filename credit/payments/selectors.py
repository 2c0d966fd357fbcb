"""Reads over payments: the bank's figures, what went to a payee, what is left of an approval and of a contract."""

import datetime as dt
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from credit.packs.catalogue import facility_types
from credit.packs.choices import VersionState
from credit.packs.models import Pack, PackVersion
from credit.payments import rules
from credit.payments.choices import COUNTED, FORBIDDEN, Act, Mode, State
from credit.payments.models import MonthList, Payment, PaymentEvent
from crm.clients.models import Client
from crm.companies.models import Company
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import RuleBroken
from crm.policy import selectors as policy
from crm.staff.choices import Jurisdiction
from crm.staff.selectors import working_calendar

RELATED = ("pack__company", "pack__owner", "pack__centre", "maker", "checker", "executor")
LIST_RELATED = ("pack__company", "pack__owner", "pack__centre", "brought_by", "file")
_TERM = {"term", "property"}
"""Groups of papers that term and project loans go with."""
_HOME = {Jurisdiction.HK: "HKD", Jurisdiction.CN: "CNY"}


def figures(pack: Pack, *, on: dt.date) -> dict[str, int]:
    """Threshold, days that count together, months of a new relationship, days to bring vouchers, percentage of the sample."""
    told = policy.table("payments.rules", jurisdiction=pack.jurisdiction, on=on)
    return {name: int(value) for name, value in told.items()}


def today_of(pack: Pack, now: dt.datetime) -> dt.date:
    """The day at the pack's centre."""
    return timezone.localdate(now, pack.centre.zone)


def calendar_of(pack: Pack, now: dt.datetime) -> WorkingCalendar:
    """The working time of the pack's centre."""
    return working_calendar(pack.centre, on=today_of(pack, now))


def in_home(amount: Decimal, currency: str, pack: Pack, *, on: dt.date) -> Decimal:
    """In the currency of the threshold, at the bank's rates of the day. RuleBroken where there is none."""
    home = _HOME[Jurisdiction(pack.jurisdiction)]
    if currency == home:
        return amount
    rates = {"HKD": 100, **policy.table("concessions.fx", jurisdiction="HK", on=on)}
    missing = next((code for code in (currency, home) if code not in rates), None)
    if missing:
        raise RuleBroken(_("There is no rate for %(currency)s today.") % {"currency": missing}, code="no_rate")
    return amount * Decimal(rates[currency]) / Decimal(rates[home])


def has_term(pack: Pack) -> bool:
    """Whether a term or project facility stands in the approved version."""
    kinds = facility_types()
    return any(_TERM & set(kinds[code].papers) for code in _approved_types(pack) if code in kinds)


def _approved_types(pack: Pack) -> QuerySet[PackVersion, str]:
    """The codes of the facilities in the approved version."""
    return pack.versions.filter(state__in=(VersionState.SEALED, VersionState.ON_HOLD)).values_list("facilities__type_code", flat=True)


def is_fixed_asset(pack: Pack, *, on: dt.date) -> bool:
    """Whether a facility stands in the approved version that is paid out by equity and progress, as the bank has set it."""
    kinds = policy.table("payments.fixed_assets", jurisdiction=pack.jurisdiction, on=on)["facilities"]
    return bool(set(_approved_types(pack)) & set(kinds))


def forbidden_words(pack: Pack, *, on: dt.date) -> list[str]:
    """What no payment out of this pack's loans may be for."""
    table = policy.table(FORBIDDEN, jurisdiction=pack.jurisdiction, on=on)
    is_for_property = bool(set(_approved_types(pack)) & set(table["facilities"]))
    return [*table["always"], *([] if is_for_property else table["property"])]


def threshold_of(pack: Pack, told: dict[str, int]) -> Decimal | None:
    """In Hong Kong for term and project loans alone (domain 7.6)."""
    if pack.jurisdiction == Jurisdiction.HK and not has_term(pack):
        return None
    return Decimal(told["threshold"])


def is_new(pack: Pack, told: dict[str, int], *, on: dt.date) -> bool:
    """A relationship of fewer months than the bank's figure; a company without an account is new."""
    opened = Client.objects.filter(company_id=pack.company_id).values_list("opened_on", flat=True).first()
    return opened is None or (on - opened).days < told["new_months"] * 365 // 12


def together(pack: Pack, payee_key: str, *, on: dt.date, calendar: WorkingCalendar, days: int) -> Decimal:
    """What else goes to the payee out of any pack of the company within the bank's working days, in the threshold's currency."""
    since = calendar.add_working_days(on, 1 - days)
    rows = Payment.objects.filter(pack__company_id=pack.company_id, payee_key=payee_key, asked_on__range=(since, on), state__in=COUNTED)
    return sum((in_home(amount, currency, pack, on=on) for amount, currency in rows.values_list("amount", "currency")), rules.ZERO)


def under_contract(pack: Pack, contract: str) -> Decimal:
    """What was paid or is to be paid under a contract, in its currency."""
    rows = Payment.objects.filter(pack__company_id=pack.company_id, contract__iexact=contract, state__in=COUNTED)
    return sum(rows.values_list("amount", flat=True), rules.ZERO)


def out_of(pack: Pack) -> Decimal:
    """What was paid or is to be paid out of a pack, in its currency."""
    return sum(Payment.objects.filter(pack=pack, state__in=COUNTED).values_list("amount", flat=True), rules.ZERO)


def paid_in_month(month_list: MonthList) -> list[Payment]:
    """What the borrower paid out of the pack in the month of a list, each with whether its voucher is there. One statement."""
    zone, month = month_list.pack.centre.zone, month_list.month
    begins = dt.datetime.combine(month, dt.time(), zone)
    ends = dt.datetime.combine(rules.month_end(month) + dt.timedelta(days=1), dt.time(), zone)
    rows = Payment.objects.filter(pack=month_list.pack_id, mode=Mode.SELF, state=State.PAID, paid_at__gte=begins, paid_at__lt=ends)
    vouchers = PaymentEvent.objects.filter(payment=OuterRef("pk"), act=Act.VOUCHER)
    return list(rows.annotate(has_voucher=Exists(vouchers)).order_by("paid_at", "pk"))


def related_names(company: Company) -> list[str]:
    """The borrower's own names and those of its group."""
    rows = Company.objects.filter(pk=company.pk)
    if company.group_id:
        rows = rows | Company.objects.filter(group_id=company.group_id)
    return [name for names in rows.values_list("name_en", "name_zh") for name in names if name]


def sampling_key() -> bytes:
    """For the sample of vouchers."""
    return salted_hmac("credit.payments.sampling", "key", algorithm="sha256").digest()
