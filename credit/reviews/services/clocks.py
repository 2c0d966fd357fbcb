"""Clocks are counted from the steps of a pack; when a decision falls, what was used is kept for good."""

import datetime as dt
from typing import Any

from credit.packs.models import Pack
from credit.reviews import rules, selectors
from credit.reviews.choices import Party
from credit.reviews.models import StoppedClock


def stop_clocks(pack: Pack, *, actor: Any, now: dt.datetime, post: Any = None) -> None:
    """Keep what each party has used until now. The caller holds the pack's lock, and has not yet moved it on."""
    calendar, days = selectors.calendar_of(pack, now), selectors.target_days(pack, now)
    found = selectors.stretches_of([pack]).get(pack.pk, [])
    for party in Party:
        used = rules.clock(found, party, calendar=calendar, target_days=days, now=now)
        StoppedClock.objects.create(
            pack=pack,
            party=party,
            seconds=int(used.spent.total_seconds()),
            day_seconds=int(used.day.total_seconds()),
            target_days=days,
            stretches=[[row.since.isoformat(), (row.until or now).isoformat(), row.why] for row in found if row.party == party],
            at=now,
            actor=actor,
            post=post,
        )
