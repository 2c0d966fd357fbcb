"""Covenants of a live limit, as their tests need them. Live and written down on 4 March 2026; the first period ends with the month."""

import datetime as dt
from decimal import Decimal
from typing import Any

from credit.covenants import services
from credit.covenants.models import Covenant, CovenantTest, Waiver
from credit.covenants.rules import Terms
from credit.packs.models import Pack
from credit.spreads import services as spreads
from credit.spreads.mapping.periods import Heading
from credit.spreads.models import Spread
from tests.cast import NOW, Bank, fresh
from tests.credit import deciding
from tests.credit.spreads import making as accounts

FIRST = dt.date(2026, 3, 31)
PROOF = {"link": "/visits/7/"}


def at(day: dt.date, hour: int = 2) -> dt.datetime:
    """Ten in the morning in Hong Kong."""
    return dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)


def live(bank: Bank, **values: Any) -> Pack:
    """Approved by the first approver, for three years."""
    return deciding.live(bank, tenor=36, **values)


def terms(metric: str = "gearing", threshold: str | None = "2", comparison: str = "most", **values: Any) -> Terms:
    given = {
        "metric": metric, "comparison": comparison, "threshold": Decimal(threshold) if threshold else None, "document": "management",
        "frequency": 3, "first_on": FIRST, "due_days": 30, "cure_days": 14,
    }  # fmt: skip
    return Terms(**given | values)


def undertaking(**values: Any) -> Terms:
    return terms("pledge", None, "", words="No charge over the stock", document="search", **values)


def proposed(bank: Bank, pack: Pack, of: Terms | None = None, *, by: str = "analyst", now: dt.datetime = NOW, **values: Any) -> Covenant:
    return services.propose(pack_id=pack.pk, terms=of or terms(), actor=fresh(bank.people[by]), now=now, **values)


def in_force(bank: Bank, pack: Pack, of: Terms | None = None, *, now: dt.datetime = NOW, **values: Any) -> Covenant:
    made = proposed(bank, pack, of, now=now, **values)
    return services.confirm(covenant_id=made.pk, actor=fresh(bank.cad), now=now)


def night(day: dt.date) -> dict[str, int]:
    return services.nightly(day, now=at(day, 18))


def opened(bank: Bank, pack: Pack, of: Terms | None = None, **values: Any) -> CovenantTest:
    """In force, and its first test fallen due."""
    covenant = in_force(bank, pack, of, **values)
    night(FIRST)
    found: CovenantTest = covenant.tests.order_by("-ends_on").first()
    return found


def received(bank: Bank, test: CovenantTest, day: dt.date = dt.date(2026, 4, 20), *, by: str = "rm") -> CovenantTest:
    return services.receive_paper(test_id=test.pk, received_on=day, actor=fresh(bank.people[by]), now=at(day), **PROOF)


def recorded(bank: Bank, test: CovenantTest, day: dt.date = dt.date(2026, 4, 27), *, by: str = "analyst", **values: Any) -> CovenantTest:
    return services.record_result(test_id=test.pk, actor=fresh(bank.people[by]), now=at(day), **values)


def breached(bank: Bank, pack: Pack, of: Terms | None = None) -> CovenantTest:
    """By an undertaking that is not kept."""
    test = received(bank, opened(bank, pack, of or undertaking()))
    return recorded(bank, test, answer="breached", note="A charge was registered in March.", **PROOF)


def figures(bank: Bank, pack: Pack, *, ends_on: dt.date = FIRST, day: dt.date = dt.date(2026, 4, 15), **changes: Any) -> Spread:
    """A year of the borrower to a day, in thousands: gearing 0.80, tangible net worth 225, interest cover 6.25 unless changed."""
    found = Spread.objects.filter(company=pack.company).first() or accounts.spread(bank, pack.company)
    spreads.enter_period(
        spread_id=found.pk,
        heading=Heading(ends_on, 12, "audited"),
        values=accounts.values(**changes),
        source="Report",
        actor=bank.rm,
        now=at(day),
    )
    found.refresh_from_db()
    return found


def waived(bank: Bank, test: CovenantTest, *, by: str = "rm", now: dt.datetime | None = None) -> Waiver:
    """Asked for, of one test."""
    moment = now or at(dt.date(2026, 4, 28))
    told = {"reason": "The season was late", "actor": fresh(bank.people[by]), "now": moment}
    return services.ask_waiver(covenant_id=test.covenant_id, test_id=test.pk, **told)


def decided(bank: Bank, waiver: Waiver, *, by: str = "co1", is_granted: bool = True, note: str = "Once") -> Waiver:
    now = at(dt.date(2026, 4, 29))
    return services.decide_waiver(waiver_id=waiver.pk, is_granted=is_granted, note=note, actor=fresh(bank.people[by]), now=now)
