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


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2027, 2, 6, 16, 30, tzinfo=dt.UTC),  # Sunday 00:30, the second day of the Chinese New Year
        dt.datetime(2028, 2, 29, 9, 45, tzinfo=dt.UTC),  # a leap day, after hours
        dt.datetime(2026, 12, 31, 15, 59, tzinfo=dt.UTC),  # the last minute of the year
    ],
)
def test_the_bank_can_be_planted_at_any_moment(moment: dt.datetime, plant_at: Plant) -> None:
    plant_at(moment)
    assert planting.figures()["visits"] >= 1000
    assert WorkItem.objects.visible_to(User.objects.get(username="rm")).open().filter(due_at__gt=moment).exists()


def test_the_same_moment_makes_the_same_bank(plant_at: Plant) -> None:
    moment = dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)
    made = []
    for _ in range(2):
        with transaction.atomic():
            plant_at(moment)
            made.append(
                list(Visit.objects.order_by("at", "pk").values_list("company__name_en", "owner__username", "at", "summary", "next_step_on"))
            )
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert len(made[0]) >= 1000
