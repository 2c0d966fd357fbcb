"""The world's events of hospitality: one in each state that an address asks for, all of them `rm`'s with the same client."""

import datetime as dt
from decimal import Decimal
from typing import Any

from crm.hospitality import services
from crm.hospitality.choices import State
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Bill, Invited, Slip, Told, Wish
from tests.cast import Bank

OFFICIAL = (Invited(name="Director Ho", official=True),)


def build(bank: Bank, now: dt.datetime, company: Any) -> dict[str, Any]:
    """The events by name."""
    rm, numbers = bank.rm, iter(range(1, 100))

    def ask(days: int, estimate: int = 600, *, by: Any = rm, submit: bool = True, at: dt.datetime = now, **values: Any) -> Any:
        number = next(numbers)
        # A guest of each event's own: nobody may be invited more than three times.
        wish = Wish(
            event_at=now + dt.timedelta(days=days),
            venue=f"Pier {number} qcvenue",
            kind="dinner",
            purpose="thanks",
            estimate=Decimal(estimate),
            guests=(Invited(name=f"Qcguest Ng {number}"), *values.pop("more", ())),
            note="Harvest qcharvest",
            **values,
        )
        return services.draft_request(actor=by, now=at, company_id=company.pk, wish=wish, submit=submit)

    def report(event: HospitalityRequest, food: str = "600.00") -> HospitalityRequest:
        told = Told(
            bill=Bill(food=Decimal(food)),
            means="own_card",
            relationship="solid",
            purposes=("thanks",),
            came=tuple(event.guests.values_list("pk", flat=True)),
            topics="Looms qctopic",
            result="Stays",
            declared=True,
        )
        return services.report_event(event_id=event.pk, actor=rm, now=now, told=told)

    def claim(event: HospitalityRequest) -> HospitalityRequest:
        slip = Slip(event.venue, f"R-{event.pk}", event.event_on, event.billed or Decimal(0))
        services.file_claim(event_id=event.pk, actor=rm, now=now, slips=[slip])
        event.refresh_from_db()
        return event

    # At least a day apart, so that no bills are added together; none so long ago that its month may be closed.
    posted = claim(report(ask(-1, 500)))
    services.verify_claim(event_id=posted.pk, actor=bank.finance, now=now, total=Decimal("600.00"), heads=2)
    (batch,) = services.post_claims(actor=bank.finance, now=now)
    posted.refresh_from_db()
    checked = claim(report(ask(-1, 500)))
    services.verify_claim(event_id=checked.pk, actor=bank.finance, now=now, total=Decimal("600.00"), heads=2)
    claimed = claim(report(ask(0, 500, at=now - dt.timedelta(hours=1))))
    over = report(ask(-3, 500), "2100.00")
    extra = services.ask_more(event_id=over.pk, actor=rm, now=now, amount=Decimal("100.00"), reason="One more came qcmore")
    expired = ask(9)
    HospitalityRequest.objects.filter(pk=expired.pk).update(state=State.EXPIRED)
    return {
        "event": ask(12),
        "draft": ask(15, submit=False),
        "asked": ask(18, 3000, more=(Invited(name="Bo Li"), Invited(name="Cy Ma"))),
        "official": ask(21, more=OFFICIAL),
        "held": ask(-2),
        "reported": report(ask(-4)),
        "claimed": claimed,
        "posted": posted,
        "batch": batch,
        "over": report(ask(-5, 500), "2100.00"),
        "extra": extra,
        "expired": expired,
        "receipt": claimed.receipts.get(),
    }
