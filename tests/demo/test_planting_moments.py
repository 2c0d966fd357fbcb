"""The demo bank can be planted at any moment, and the same moment makes the same bank."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction

from crm.demo import planting
from crm.kernel.worklist import WorkItem
from crm.staff.models import User
from crm.visits.models import Visit

Plant = Callable[[dt.datetime], planting.Planted]
pytestmark = pytest.mark.slow


MOMENTS = [
    dt.datetime(2027, 2, 6, 16, 30, tzinfo=dt.UTC),  # Sunday 00:30, the second day of the Chinese New Year
    dt.datetime(2026, 12, 31, 15, 59, tzinfo=dt.UTC),  # the last minute of the year
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_bank_can_be_planted_at_any_moment(moment: dt.datetime, plant_at: Plant) -> None:
    planted = visits(moment, plant_at)
    assert len(planted) >= 1000
    if moment == MOMENTS[0]:  # the same moment makes the same bank
        assert visits(moment, plant_at) == planted


def visits(moment: dt.datetime, plant_at: Plant) -> list[tuple[object, ...]]:
    """Plant it, see that it is alive, and take it back."""
    with transaction.atomic():
        plant_at(moment)
        assert WorkItem.objects.visible_to(User.objects.get(username="rm")).open().filter(due_at__gt=moment).exists()
        made = Visit.objects.order_by("at", "pk").values_list("company__name_en", "owner__username", "at", "summary", "next_step_on")
        planted = list(made)
        transaction.set_rollback(True)
    return planted
