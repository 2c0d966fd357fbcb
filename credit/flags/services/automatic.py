"""Flags that raise themselves at night from figures, accounts, conditions and the news (domain 7.4)."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import override

from credit.flags import rules, selectors
from credit.flags.choices import Origin
from credit.flags.models import Flag
from credit.flags.rules import Hit, Thresholds
from credit.flags.services.gathering import Days, Known, gather
from credit.flags.services.raising import raise_flag
from credit.flags.services.suggesting import suggest_from_news
from crm.clients.choices import ClientStatus
from crm.clients.models import Client
from crm.kernel import clock

BATCH = 1000


def nightly(as_of: dt.date, *, now: dt.datetime | None = None) -> dict[str, Any]:
    """Raise what the figures up to `as_of` say, and suggest what the news does. Run again, or broken off and run again, it adds nothing.

    A code that is open on a client, or was closed within the bank's quiet days, is not raised anew. Files that are missing, or older than
    the bank's days, raise nothing, and are named.

    Returns {"clients", "flags_raised", "suggested", "missing": kinds of figures by which nothing could be judged}.
    """
    moment = now or clock.now()
    told = selectors.thresholds(on=as_of)
    days = Days.read(as_of, told)
    clients = flags = 0
    for batch in _batches():
        clients += len(batch)
        known = gather(batch, days)
        quiet = _quiet(batch, as_of, told)
        for client_id, facts in known.items():
            for hit in hits_of(facts, told):
                if (client_id, hit.code) not in quiet:
                    _raise(client_id, hit, as_of, moment)
                    flags += 1
    suggested = suggest_from_news(on=as_of, days=told.news_days, now=moment)
    return {"clients": clients, "flags_raised": flags, "suggested": suggested, "missing": days.missing}


def _batches() -> Iterator[dict[int, int]]:
    last = 0
    while True:
        rows = Client.objects.exclude(status=ClientStatus.CLOSED).filter(pk__gt=last).order_by("pk").values_list("pk", "company_id")[:BATCH]
        batch = dict(rows)
        if not batch:
            return
        yield batch
        last = max(batch)


def _quiet(batch: Collection[int], as_of: dt.date, told: Thresholds) -> set[tuple[int, str]]:
    """(client, code) that is open, or was raised by figures and closed so lately that nothing new can be said."""
    since = as_of - dt.timedelta(days=told.quiet_days)
    rows = Flag.objects.filter(client__in=list(batch))
    lately = rows.filter(origin=Origin.FIGURES, closed_at__date__gt=since)
    return {*rows.open().values_list("client_id", "code"), *lately.values_list("client_id", "code")}


def hits_of(facts: Known, told: Thresholds) -> list[Hit]:
    """All that strikes of one client."""
    found = [
        rules.deposits_fell(before=facts.deposits_before, now=facts.deposits_now, told=told),
        rules.proceeds_stopped(before_a_day=facts.proceeds_before, now_a_day=facts.proceeds_now, has_limits=facts.has_limits, told=told),
        rules.items_returned(count=facts.returned_items, told=told),
        rules.over_limit(days=facts.excess_days, times=facts.excess_times, told=told),
        rules.large_outflow(largest=facts.largest_out, average=facts.average, told=told),
        rules.payment_late(days=facts.late_days, told=told),
        rules.bank_paid(amount=facts.advanced),
        rules.certificate_late(days=facts.certificate_days, told=told),
    ]
    return [*(hit for hit in found if hit), *rules.accounts_weak(facts.years, told)]


def _raise(client_id: int, hit: Hit, as_of: dt.date, now: dt.datetime) -> None:
    with override("en"):
        words = _now("The figures up to %(day)s say so.") % {"day": as_of.isoformat()}
    figures = {"as_of": as_of.isoformat(), **hit.figures}
    raise_flag(client_id=client_id, code=hit.code, note=words, actor=None, now=now, origin=Origin.FIGURES, figures=figures)
