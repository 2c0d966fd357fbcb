"""Units: what stands under what, time zones, closing, the calendar of a new centre, and two tabs with the same form."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from crm.kernel.errors import NotAllowed, RuleBroken, StaleVersion
from crm.staff import rules, services, units
from crm.staff.choices import Role, UnitKind
from crm.staff.models import CalendarDay, OrgUnit, Post, User
from crm.staff.selectors import calendar_of
from tests.cast import fresh
from tests.forms import untouched

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 4)


def facts(**more):
    return {
        "kind": "team",
        "name_en": "New",
        "name_hant": "新",
        "name_hans": "新",
        "jurisdiction": "HK",
        "time_zone": "",
        "currency": "HKD",
    } | more


def add(bank, now, parent, **more):
    return units.add_unit(parent_id=parent.pk if parent else None, facts=facts(**more), actor=bank.admin, now=now)


def change(bank, now, unit, **changes):
    version = OrgUnit.objects.get(pk=unit.pk).version
    return units.change_unit(unit_id=unit.pk, version=version, changes=changes, actor=bank.admin, now=now)


@pytest.fixture
def desk(admin):
    made = Client()
    made.force_login(admin)
    return made


def sent(browser, url, page=None, **values):
    """The form as it was drawn (`page`: earlier, in another tab), filled in and sent."""
    return browser.post(url, untouched(page or browser.get(url)) | {name: [str(value)] for name, value in values.items()})


@pytest.mark.parametrize(
    ("kind", "parents"),
    [
        ("head_office", set()),
        ("centre", {"head_office"}),
        ("team", {"centre"}),
        ("branch", {"centre"}),
        ("department", {"head_office", "centre", "credit"}),
    ],
)
def test_each_kind_stands_where_it_belongs_and_nowhere_else(bank, now, kind, parents):
    for parent in ("head_office", "centre", "team", "branch", "credit"):
        if parent in parents:
            made = add(bank, now, bank.units[parent], kind=kind)
            assert made.path == f"{bank.units[parent].path}{made.pk}."
        else:
            with pytest.raises(RuleBroken) as refusal:
                add(bank, now, bank.units[parent], kind=kind)
            assert set(refusal.value.fields) == {"kind" if kind == "head_office" else "parent"}


def test_a_unit_stands_under_something_that_is_open(bank, now):
    with pytest.raises(RuleBroken, match="part of"):
        add(bank, now, None)
    OrgUnit.objects.filter(pk=bank.centre.actor.centre.pk).update(closed_on=TODAY)
    with pytest.raises(RuleBroken, match="closed"):
        add(bank, now, bank.units["centre"])


def test_the_page_says_why_a_centre_is_no_part_of_a_centre(bank, desk):
    answer = sent(desk, "/units/add/", **facts(kind="centre", parent=bank.units["centre"].pk))
    assert answer.status_code == 422
    assert "part of one of these kinds: Head office." in answer.content.decode()
    assert 'value="head_office"' not in answer.content.decode()
    assert not OrgUnit.objects.filter(name_en="New").exists()


def test_a_zone_that_there_is_not_is_refused_by_page_and_service_and_the_old_one_stands(bank, now, desk):
    centre = bank.units["centre"]
    assert sent(desk, "/units/add/", **facts(parent=centre.pk, time_zone="Mars/Phobos")).status_code == 422
    assert sent(desk, f"/units/{centre.pk}/change/", time_zone="Mars/Phobos").status_code == 422
    with pytest.raises(RuleBroken) as refusal:
        add(bank, now, centre, time_zone="Mars/Phobos")
    assert "time_zone" in refusal.value.fields
    with pytest.raises(RuleBroken):
        change(bank, now, centre, time_zone="localtime")
    assert OrgUnit.objects.get(pk=centre.pk).time_zone == "Asia/Hong_Kong"
    reader = Client()
    reader.force_login(bank.rm)
    assert reader.get("/").status_code == 200


def test_each_zone_that_is_offered_is_one():
    offered = rules.time_zones()
    assert {"Asia/Hong_Kong", "Asia/Shanghai", "Europe/London"} <= set(offered)
    for name in offered:
        assert OrgUnit(time_zone=name).zone.key == name


@pytest.mark.parametrize(("jurisdiction", "zone"), [("HK", "Asia/Hong_Kong"), ("CN", "Asia/Shanghai")])
def test_a_unit_without_a_chosen_zone_gets_the_usual_one(bank, desk, jurisdiction, zone):
    answer = sent(desk, "/units/add/", **facts(kind="centre", parent=bank.head_office.pk, jurisdiction=jurisdiction))
    assert answer.status_code == 302
    assert OrgUnit.objects.get(name_en="New").time_zone == zone


def test_the_zone_of_a_unit_may_change_by_page(bank, desk):
    centre = bank.units["centre"]
    assert sent(desk, f"/units/{centre.pk}/change/", time_zone="Asia/Singapore").status_code == 302
    kept = OrgUnit.objects.get(pk=centre.pk)
    assert (kept.time_zone, kept.name_en, kept.calendar_version) == ("Asia/Singapore", centre.name_en, centre.calendar_version)
    assert kept.history.first().history_user == bank.admin


def test_what_stands_against_closing_is_counted(bank, now, desk):
    centre, team = bank.units["centre"], bank.units["team"]
    answer = sent(desk, f"/units/{centre.pk}/change/", closed_on=TODAY)
    assert answer.status_code == 422
    assert "posts that are held: 1, open units under it: 3" in answer.content.decode()
    services.propose_post_change(
        user_id=bank.outsider.pk, actor=bank.admin, now=now, role=Role.RM, grade=2, unit_id=team.pk, reason="Moves"
    )
    with pytest.raises(RuleBroken, match=r"posts that are held: 4, changes of posts that wait: 1\."):
        change(bank, now, team, closed_on=TODAY)
    assert not OrgUnit.objects.exclude(closed_on=None).exists()


def test_a_unit_is_not_closed_before_its_last_post_ended(bank, now):
    team = bank.units["team2"]
    ended = dt.datetime(2026, 3, 10, 17, tzinfo=dt.UTC)  # in Hong Kong the 11th has begun
    Post.objects.filter(unit=team).update(to_at=ended)
    with pytest.raises(RuleBroken, match="ends on 2026-03-11"):
        change(bank, now, team, closed_on=dt.date(2026, 3, 10))
    assert change(bank, now, team, closed_on=dt.date(2026, 3, 11)).closed_on == dt.date(2026, 3, 11)
    assert change(bank, now, team, name_en="Kai Tak, as it was").closed_on == dt.date(2026, 3, 11)
    with pytest.raises(RuleBroken, match="This unit is closed"):
        services.propose_post_change(
            user_id=bank.outsider.pk, actor=bank.admin, now=now, role=Role.RM, grade=2, unit_id=team.pk, reason="Moves"
        )


def test_a_unit_of_a_closed_one_stays_closed_until_that_is_open_again(bank, now):
    team = bank.units["team2"]
    Post.objects.filter(unit__path__startswith=bank.units["centre"].path).update(to_at=now)
    for name in ("team", "team2", "branch", "centre"):
        change(bank, now, bank.units[name], closed_on=TODAY)
    with pytest.raises(RuleBroken, match="part of is closed"):
        change(bank, now, team, closed_on=None)
    change(bank, now, bank.units["centre"], closed_on=None)
    assert change(bank, now, team, closed_on=None).closed_on is None


def test_a_new_centre_begins_with_the_days_of_this_year_and_the_next(bank, now):
    for jurisdiction, days in (("HK", 34), ("CN", 47)):
        centre = add(bank, now, bank.head_office, kind="centre", name_en=jurisdiction, jurisdiction=jurisdiction)
        years = set(centre.calendar_days.values_list("day__year", flat=True))
        assert (years, centre.calendar_days.count()) == ({2026, 2027}, days)
        assert centre.calendar_days.first().history.get().history_user == bank.admin
    assert add(bank, now, bank.units["centre"]).calendar_days.count() == 0


def test_the_holidays_of_a_year_are_added_once_and_a_day_that_was_set_stays(bank, now, desk):
    centre = bank.units["centre"]
    new_year = dt.date(2026, 1, 1)
    units.set_calendar_day(centre_id=centre.pk, day=new_year, spans=[("10:00", "12:00")], name="Open after all", actor=bank.admin)
    assert calendar_of(fresh(bank.rm), now=now).is_working_day(dt.date(2026, 4, 3))
    url = f"/units/{centre.pk}/holidays/"
    assert url in desk.get(f"/units/{centre.pk}/").content.decode()
    assert sent(desk, url, year=2026).status_code == 302
    assert "Days added: 16." in desk.get(f"/units/{centre.pk}/").content.decode()
    assert not calendar_of(fresh(bank.rm), now=now).is_working_day(dt.date(2026, 4, 3))
    assert CalendarDay.objects.get(centre=centre, day=new_year).name == "Open after all"
    version = OrgUnit.objects.get(pk=centre.pk).calendar_version
    sent(desk, url, year=2026)
    assert "Nothing was added" in desk.get(f"/units/{centre.pk}/").content.decode()
    assert (OrgUnit.objects.get(pk=centre.pk).calendar_version, centre.calendar_days.count()) == (version, 17)


def test_days_without_a_name_of_their_own_are_called_what_they_are(bank, desk):
    centre, today = bank.units["centre"], timezone.localdate()
    for day, spans in ((1, []), (2, [["09:30", "12:30"]])):
        CalendarDay.objects.create(centre=centre, day=today + dt.timedelta(days=day), spans=spans)
    page = desk.get(f"/units/{centre.pk}/").content.decode()
    assert page.count("<p>Public holiday</p>") == page.count("<p>Make-up working day</p>") == 1


@pytest.mark.parametrize("year", [1700, 2101, 2150, 12_000])
def test_a_year_of_which_no_holidays_are_known_is_refused(bank, desk, year):
    centre = bank.units["centre"]
    with pytest.raises(RuleBroken, match="No public holidays are known"):
        units.add_public_holidays(centre_id=centre.pk, year=year, actor=bank.admin)
    assert sent(desk, f"/units/{centre.pk}/holidays/", year=year).status_code == 422
    assert not CalendarDay.objects.exists()


def test_a_day_is_set_on_a_centre_alone(bank, desk):
    for name in ("team", "branch", "head_office", "credit"):
        unit = bank.units[name]
        for act in (
            lambda unit=unit: units.set_calendar_day(centre_id=unit.pk, day=TODAY, spans=[], name="Typhoon", actor=bank.admin),
            lambda unit=unit: units.add_public_holidays(centre_id=unit.pk, year=2026, actor=bank.admin),
        ):
            with pytest.raises(NotAllowed, match="Only a regional centre"):
                act()
        assert desk.get(f"/units/{unit.pk}/day/").status_code == 403
        assert desk.get(f"/units/{unit.pk}/holidays/").status_code == 403
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize("name", ["rm", "head", "centre", "ho", "compliance", "auditor"])
def test_only_administrators_keep_units_and_calendars(bank, now, name):
    actor, centre = bank.people[name], bank.units["centre"]
    for act in (
        lambda: units.add_unit(parent_id=centre.pk, facts=facts(), actor=actor, now=now),
        lambda: units.change_unit(unit_id=centre.pk, version=1, changes={"name_en": "X"}, actor=actor, now=now),
        lambda: units.add_public_holidays(centre_id=centre.pk, year=2026, actor=actor),
        lambda: units.set_calendar_day(centre_id=centre.pk, day=TODAY, spans=[], name="X", actor=actor),
    ):
        with pytest.raises(NotAllowed, match="Only an administrator"):
            act()


def test_a_name_is_there_once_under_the_same_unit(bank, now):
    with pytest.raises(RuleBroken, match="there already"):
        add(bank, now, bank.units["centre"], name_en="Kai Tak Team")
    with pytest.raises(RuleBroken, match="there already"):
        change(bank, now, bank.units["team"], name_en="Kai Tak Team")


def test_two_tabs_with_other_fields_of_a_unit_both_stand(bank, desk):
    url = f"/units/{bank.units['centre'].pk}/change/"
    early = desk.get(url)
    assert sent(desk, url, name_hant="東九龍").status_code == 302
    assert sent(desk, url, page=early, time_zone="Asia/Macau").status_code == 302
    kept = OrgUnit.objects.get(pk=bank.units["centre"].pk)
    assert (kept.name_hant, kept.time_zone, kept.version) == ("東九龍", "Asia/Macau", 3)
    assert "Somebody else changed other fields meanwhile" in desk.get(kept.get_absolute_url()).content.decode()


def test_two_tabs_with_the_same_field_of_a_unit_are_shown_both(bank, desk):
    url = f"/units/{bank.units['centre'].pk}/change/"
    early = desk.get(url)
    sent(desk, url, name_en="East Kowloon")
    answer = sent(desk, url, page=early, name_en="Kowloon, East")
    assert answer.status_code == 409
    assert {"East Kowloon", "Kowloon, East"} <= {word for one in answer.context["differences"] for word in (one.current, one.typed)}
    assert OrgUnit.objects.get(pk=bank.units["centre"].pk).name_en == "East Kowloon"


def test_two_tabs_with_other_details_of_a_person_both_stand_and_the_same_one_is_told(bank, rm, desk):
    url = f"/staff/{rm.pk}/change/"
    early = desk.get(url)
    sent(desk, url, email="new@example.com")
    assert sent(desk, url, page=early, name_zh="劉安").status_code == 302
    kept = User.objects.get(pk=rm.pk)
    assert (kept.email, kept.name_zh) == ("new@example.com", "劉安")
    answer = sent(desk, url, page=early, email="other@example.com")
    assert answer.status_code == 409
    assert User.objects.get(pk=rm.pk).email == "new@example.com"


def test_a_language_that_the_person_chose_meanwhile_stands(rm, desk):
    url = f"/staff/{rm.pk}/change/"
    early = desk.get(url)
    own = Client()
    own.force_login(rm)
    own.post("/i18n/setlang/", {"language": "zh-hans"})
    assert User.objects.get(pk=rm.pk).language == "zh-hans"
    assert sent(desk, url, page=early, name_zh="劉安").status_code == 302
    kept = User.objects.get(pk=rm.pk)
    assert (kept.language, kept.name_zh) == ("zh-hans", "劉安")


def test_a_save_without_its_version_is_refused(bank, now):
    for version in (None, 0, 7):
        with pytest.raises(StaleVersion):
            units.change_unit(unit_id=bank.units["team"].pk, version=version, changes={"name_en": "X"}, actor=bank.admin, now=now)
    assert OrgUnit.objects.get(pk=bank.units["team"].pk).kind == UnitKind.TEAM
