"""What the night does for monitoring: classes, what flags find, frequencies and owed draws. The same day again changes nothing."""

import datetime as dt

from django.utils import timezone

from credit.flags.parts import NightlyFlags
from credit.risk import services as risk
from credit.surprises import services
from credit.surprises.models import NightRun
from crm.kernel.contributions import of


def day_of(now: dt.datetime) -> dt.date:
    """The day in the bank's own zone."""
    return timezone.localdate(now)


def run(*, on: dt.date, now: dt.datetime) -> dict[str, int]:
    """Returns how many clients were classed, flags raised, and frequencies and draws newly owed."""
    classed = risk.classify(on=on, now=now)
    raised = sum(source.raise_flags(on=on, now=now) for source in of(NightlyFlags))
    settled = services.settle(on=on, now=now)
    return {"clients": classed["clients"], "flags_raised": raised, "draws": settled["quotas"] + settled["first_uses"]}


def run_once(*, on: dt.date, now: dt.datetime) -> dict[str, int]:
    """The same where it has not run through for this day; else nothing is looked at."""
    if NightRun.objects.filter(on=on).exists():
        return {"clients": 0, "flags_raised": 0, "draws": 0}
    done = run(on=on, now=now)
    NightRun.objects.get_or_create(on=on, defaults={"at": now})
    return done
