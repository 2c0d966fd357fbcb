"""Seeded working calendars against the published ones."""

import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm.kernel.calendars import WorkingCalendar, seed_days

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not (DATA / "holidays_cn").is_dir(), reason="the published holidays are not beside this checkout (../shared/data)"
)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_mainland_calendar_is_the_one_the_state_council_published(year):
    published = json.loads((DATA / "holidays_cn" / f"{year}.json").read_text(encoding="utf-8"))["days"]
    differs = {dt.date.fromisoformat(day["date"]): not day["isOffDay"] for day in published}
    calendar = WorkingCalendar(ZoneInfo("Asia/Shanghai"), exceptions=seed_days("CN", year))
    new_year = dt.date(year, 1, 1)
    for day in (new_year + dt.timedelta(days=offset) for offset in range((dt.date(year + 1, 1, 1) - new_year).days)):
        assert calendar.is_working_day(day) == differs.get(day, day.weekday() < 5), day


@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_the_hong_kong_calendar_is_the_one_the_government_published(year):
    events = json.loads((DATA / "holidays_hk_1823" / "tc.json").read_text(encoding="utf-8-sig"))["vcalendar"][0]["vevent"]
    published = {dt.datetime.strptime(event["dtstart"][0], "%Y%m%d").date() for event in events}
    calendar = WorkingCalendar(ZoneInfo("Asia/Hong_Kong"), exceptions=seed_days("HK", year), weekend=frozenset({6}))
    new_year = dt.date(year, 1, 1)
    for day in (new_year + dt.timedelta(days=offset) for offset in range((dt.date(year + 1, 1, 1) - new_year).days)):
        assert calendar.is_working_day(day) == (day not in published and day.weekday() != 6), day
