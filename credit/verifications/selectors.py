"""Reads over verifications: the bank's figures, which deals are verified, papers that were financed before, stopped carriers."""

import datetime as dt
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from credit.flags.models import Flag
from credit.verifications import rules
from credit.verifications.choices import AFTER, Ground, Kind, Result
from credit.verifications.models import Verification
from crm.clients.models import Client
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import RuleBroken
from crm.policy import selectors as policy
from crm.staff.selectors import working_calendar

RELATED = ("client__company", "client__owner", "client__centre", "opened_by", "asked")
HOME = "HKD"


def figures(*, on: dt.date) -> dict[str, int]:
    """Days to ask again and to reply, the amount and percentage of sampling."""
    return {name: int(value) for name, value in policy.table("verifications.rules", jurisdiction="", on=on).items()}


def calendar_of(client: Client, now: dt.datetime) -> WorkingCalendar:
    """The working time of the client's centre."""
    return working_calendar(client.centre, on=today_of(client, now))


def today_of(client: Client, now: dt.datetime) -> dt.date:
    """The day at the client's centre."""
    return timezone.localdate(now, client.centre.zone)


def in_home(amount: Decimal, currency: str, *, on: dt.date) -> Decimal:
    """In Hong Kong dollars at the bank's rate of the day. RuleBroken where there is none."""
    if currency == HOME:
        return amount
    rates = policy.table("concessions.fx", jurisdiction="HK", on=on)
    if currency not in rates:
        raise RuleBroken(_("There is no rate for %(currency)s today.") % {"currency": currency}, code="no_rate")
    return amount * Decimal(rates[currency]) / 100


def ground_of(client: Client, *, reference: str, amount: Decimal, currency: str, on: dt.date) -> Ground | None:
    """Why a deal of this client is verified; None where it need not be (domain 7.5, sampling)."""
    earlier = Verification.objects.filter(client=client, kind=Kind.BILL).exclude(reference=reference)
    deal = rules.Deal(
        reference=reference,
        amount=in_home(amount, currency, on=on),
        is_first=not earlier.exists(),
        is_flagged=Flag.objects.filter(client=client, code__in=AFTER).exists(),
    )
    told = figures(on=on)
    key = salted_hmac("credit.verifications.sampling", "key", algorithm="sha256").digest()
    return rules.ground_of(deal, key=key, large_above=Decimal(told["large_above"]), percent=told["random_percent"])


def financed_before(verification: Verification) -> list[Verification]:
    """Other deals that the same bill or invoice was brought for, of any client (RF-09)."""
    same = Q(pk__in=[])
    if verification.kind == Kind.BILL:
        same |= Q(kind=Kind.BILL, scac=verification.scac, number_key=verification.number_key)
    if verification.invoice_key:
        same |= Q(invoice_key=verification.invoice_key, client=verification.client_id)
    same_deal = Q(client=verification.client_id, reference=verification.reference)
    return list(Verification.objects.filter(same).exclude(same_deal).exclude(pk=verification.pk).select_related("client__company"))


def stopped_carriers(client: Client) -> list[str]:
    """Carriers that did not reply about a bill of this client: none of their papers is discounted any more."""
    rows = Verification.objects.filter(client=client, kind=Kind.BILL, result=Result.NO_REPLY)
    return sorted(set(rows.values_list("scac", flat=True)))
