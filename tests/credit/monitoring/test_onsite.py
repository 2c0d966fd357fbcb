"""A surprise visit on the phone: check-in, the record with its points, photos, what counts (domain 7.3)."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from credit.surprises import rules, selectors, services
from credit.surprises.choices import Result, VisitState
from credit.surprises.monitoring import progress_of
from credit.surprises.rules import Place
from credit.surprises.services.making import receive_photo
from crm.kernel.errors import NotAllowed, RuleBroken
from tests.cast import NOW, fresh
from tests.companies.making import browser
from tests.credit.monitoring.visiting import DAY, HK, THERE, answers, at, entry, jpeg, photo, revealed, there, watched

pytestmark = pytest.mark.usefixtures("long_after")


def test_check_in_within_the_fence_or_with_a_reason_on_the_day(bank):
    visit = revealed(bank)
    visitor = fresh(visit.visitor)
    services.keep_premises(client_id=visit.client_id, values={"latitude": 22.312, "longitude": 114.225}, actor=bank.rm, now=NOW)
    told = {"visit_id": visit.pk, "actor": visitor}
    far = Place(22.3139, 114.2250)
    with pytest.raises(RuleBroken, match="another day"):
        services.check_in(place=THERE, now=visit.begins_at + DAY, **told)
    with pytest.raises(RuleBroken, match="You are 211 m away"):
        services.check_in(place=far, now=visit.begins_at, **told)
    with pytest.raises(RuleBroken, match="Say where you are"):
        services.check_in(place=None, now=visit.begins_at, **told)
    with pytest.raises(NotAllowed, match="Only its visitors"):
        services.check_in(visit_id=visit.pk, place=THERE, actor=bank.centre, now=visit.begins_at)
    done = services.check_in(place=far, away_reason="They moved next door", now=visit.begins_at, **told)
    assert (done.state, done.distance, done.away_reason) == (VisitState.AT_PLACE, 211, "They moved next door")
    with pytest.raises(NotAllowed):
        services.check_in(place=THERE, now=visit.begins_at, **told)


def test_a_good_visit_is_recorded_counts_and_closes_after_two_working_days(bank):
    visit = there(bank)
    done = services.record(visit_id=visit.pk, entry=entry(), actor=fresh(visit.visitor), now=visit.begins_at + dt.timedelta(hours=1))
    assert (done.state, done.result) == (VisitState.RECORDED, Result.SATISFACTORY)
    assert progress_of([visit.client_id], on=visit.on)[visit.client_id].counted == 1
    calendar = selectors.calendar_of(visit.centre, visit.begins_at)
    closes = at(calendar.add_working_days(visit.on, 2) + DAY, "00:00")
    assert done.edit_until == closes
    told = {"visit_id": visit.pk, "actor": fresh(visit.companion)}
    services.record(entry=entry(result="watch", result_reason="On second thoughts"), now=closes - dt.timedelta(minutes=1), **told)
    with pytest.raises(NotAllowed, match="closed for changes"):
        services.record(entry=entry(), now=closes, **told)
    assert visit.history.filter(result="satisfactory").exists()


def test_every_open_point_is_named(bank):
    visit = there(bank)
    left = answers()
    del left[8]
    with pytest.raises(RuleBroken) as caught:
        services.record(
            visit_id=visit.pk, entry=entry(answers=left, result="", result_reason=""), actor=fresh(visit.visitor), now=visit.begins_at
        )
    assert set(caught.value.fields) == {"point_8", "result", "result_reason"}
    refused = entry(answers={}, people_seen=None, entry_refused=True, result="unsatisfactory", result_reason="The guard sent us away")
    assert services.record(visit_id=visit.pk, entry=refused, actor=fresh(visit.visitor), now=visit.begins_at).entry_refused


def test_an_empty_office_with_an_answered_phone_is_heard(bank, heard):
    visit = there(bank)
    moment = visit.begins_at + dt.timedelta(minutes=7)
    seen = entry(
        answers=answers(p2="n", p3="n", p4="n"),
        people_seen=0,
        phone_diverted_at=moment,
        phone_dialled="2345 6789",
        result="unsatisfactory",
        result_reason="Nobody there; the line was answered elsewhere",
    )
    done = services.record(visit_id=visit.pk, entry=seen, actor=fresh(visit.visitor), now=moment + dt.timedelta(minutes=5))
    (sighting,) = heard
    assert (sighting.empty, sighting.phone_diverted, sighting.short_staffed, sighting.bad) == (True, True, True, (2, 3, 4))
    assert (done.phone_diverted_at, done.phone_dialled) == (moment, "2345 6789")
    assert selectors.factors([visit.client], on=visit.on + DAY, known=selectors.figures("HK", visit.on)) == {
        visit.client_id: ["unsatisfactory"]
    }


def test_a_phone_clock_that_is_wrong_is_not_believed(bank):
    visit = there(bank)
    now = visit.begins_at + dt.timedelta(minutes=9)
    for wrong in (now + DAY, visit.begins_at - DAY):
        done = services.record(visit_id=visit.pk, entry=entry(phone_diverted_at=wrong), actor=fresh(visit.visitor), now=now)
        assert done.phone_diverted_at == now


def test_a_servers_clock_that_is_set_back_after_check_in_still_keeps_the_record_and_its_order(bank):
    visit = there(bank)
    earlier = visit.begins_at - dt.timedelta(minutes=20)
    done = services.record(visit_id=visit.pk, entry=entry(phone_diverted_at=visit.begins_at), actor=fresh(visit.visitor), now=earlier)
    assert (done.state, done.recorded_at, done.phone_diverted_at) == (VisitState.RECORDED, earlier, earlier)
    assert done.edit_until > visit.begins_at + DAY


def test_the_script_that_opens_a_visit_offline_lies_within_that_visit_and_is_its_visitors_alone(bank, time_machine_at):
    visit = there(bank)
    with time_machine_at(visit.begins_at):
        where = f"{visit.get_absolute_url()}worker.js"
        answer = browser(visit.visitor).get(where)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
        assert "Service-Worker-Allowed" not in answer.headers  # its scope is the visit's own address
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert browser(bank.centre).get(where).status_code == 403
        assert browser(bank.finance).get(where).status_code == 404
        page = browser(visit.visitor).get(visit.get_absolute_url()).content.decode()
        assert "data-static=" in page
        services.record(visit_id=visit.pk, entry=entry(), actor=fresh(visit.visitor), now=visit.begins_at)
        assert "data-static=" not in browser(visit.visitor).get(visit.get_absolute_url()).content.decode()


def test_signing_out_has_the_browser_let_go_of_what_it_keeps(bank, browse):
    assert browse(bank.rm).post("/accounts/logout/").headers["Clear-Site-Data"] == '"storage"'


def test_the_tolerance_of_people_is_thirty_per_cent():
    assert not rules.is_short_staffed(70, 100, 30)
    assert rules.is_short_staffed(69, 100, 30)
    assert not rules.is_short_staffed(None, 100, 30)
    assert not rules.is_short_staffed(0, None, 30)


def test_photos_keep_their_time_and_place_and_say_what_does_not_fit(bank):
    visit = there(bank)
    taken = visit.begins_at.astimezone(HK)
    right = photo(visit, jpeg(f"{taken:%Y:%m:%d %H:%M:%S}", 22.312))
    assert (right.remarks, right.taken_at, round(right.latitude, 3)) == ([], visit.begins_at, 22.312)
    assert photo(visit, jpeg()).remarks == ["no_time"]
    assert photo(visit, jpeg(f"{taken - DAY:%Y:%m:%d %H:%M:%S}", 22.4)).remarks == ["other_time", "other_place"]
    assert photo(visit, jpeg("2026:99:99 00:00:00", colour=9)).remarks == ["no_time"]
    assert photo(visit, jpeg(f"{taken + DAY:%Y:%m:%d %H:%M:%S}", colour=7)).remarks == ["other_time"]
    assert photo(visit, jpeg(f"{taken:%Y:%m:%d %H:%M:%S}", 95.0, colour=5)).remarks == []  # no such latitude: it tells no place
    with pytest.raises(RuleBroken):
        receive_photo(SimpleUploadedFile("door.jpg", b"%PDF-1.7", "image/jpeg"), actor=visit.visitor)
    again = photo(visit, jpeg())
    assert visit.photos.count() == 6
    assert again.point == 1


def test_a_managers_own_visits_count_up_to_half_of_the_quota(bank):
    client = watched(bank)
    for count in range(4):
        moment = at(dt.date(2026, 4, 13) + count * DAY, "10:00")
        visit = services.go_unannounced(client_id=client.pk, actor=bank.rm, now=moment)
        services.check_in(visit_id=visit.pk, place=None, away_reason="Yard at the back", actor=fresh(bank.rm), now=moment)
        services.record(visit_id=visit.pk, entry=entry(), actor=fresh(bank.rm), now=moment)
    progress = progress_of([client.pk], on=dt.date(2026, 5, 1))[client.pk]
    assert (progress.needed, progress.own, progress.counted) == (5, 4, 2)
    with pytest.raises(NotAllowed):
        services.go_unannounced(client_id=client.pk, actor=bank.head, now=NOW)
