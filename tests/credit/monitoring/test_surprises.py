"""Surprise visits from settling to record: reveal times, visitors, taint, redraws, the record (domain 7.2, 7.3; invariants 16 to 18)."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from PIL import ExifTags, Image

from credit.risk import services as risk
from credit.surprises import drawing, nightly, planning, rules, selectors, services
from credit.surprises.choices import Origin, Result, VisitState
from credit.surprises.models import DrawOrder, PlanRead, Quota, RevealRun, SurpriseVisit
from credit.surprises.monitoring import progress_of
from credit.surprises.parts import VisitWitness
from credit.surprises.rules import Entry, Place
from credit.surprises.services.making import receive_photo
from crm.kernel.contributions import Invariant, of, register
from crm.kernel.contributions.registry import _registry
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.notifications.models import Notification
from crm.staff.models import Post
from tests.cast import NOW, fresh
from tests.credit.monitoring import making
from tests.visits import making as visiting

HK = ZoneInfo("Asia/Hong_Kong")
THERE = Place(22.3120, 114.2250)
DAY = dt.timedelta(days=1)


def at(day: dt.date, clock: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), HK)


def watched(bank, loan_class: int = 2, **values):
    """A client in R4, whose frequency is settled as of the cast's day."""
    client = making.client(bank, **values)
    standing = making.standing(bank, client)
    if loan_class > 1:
        risk.downgrade(standing_id=standing.pk, loan_class=loan_class, evidence="Slow", actor=bank.head, now=NOW)
    services.settle(on=making.TODAY, now=NOW)
    return client


def plan(client) -> list[drawing.Drawn]:
    calendar = selectors.calendar_of(client.centre, NOW)
    quotas = selectors.quotas_of([client.pk], since=making.TODAY)[client.pk]
    known = selectors.figures("HK", making.TODAY)
    return list(planning.draws(quotas, days=planning.days_of(calendar, [2026, 2027]), figures=lambda on: known))


def eve_of(client, day: dt.date) -> dt.date:
    return selectors.calendar_of(client.centre, NOW).add_working_days(day, -1)


def revealed(bank, **values) -> SurpriseVisit:
    """The first drawn visit, on the evening before; nobody of its people is told yet."""
    client = watched(bank, **values)
    first = plan(client)[0]
    services.keep(now=at(eve_of(client, first.day), "17:30"))
    return SurpriseVisit.objects.get()


def there(bank, **values) -> SurpriseVisit:
    """Checked in at the start of its slot."""
    visit = revealed(bank, **values)
    services.keep(now=at(visit.on, "08:00"))
    visit.refresh_from_db()
    services.keep_premises(
        client_id=visit.client_id, values={"latitude": THERE.latitude, "longitude": THERE.longitude}, actor=bank.rm, now=NOW
    )
    return services.check_in(visit_id=visit.pk, place=THERE, actor=fresh(visit.visitor), now=visit.begins_at)


def answers(**changed: str) -> dict[int, tuple[str, str]]:
    good = {point.number: ("n" if point.bad == "y" else "y", "") for point in rules.POINTS}
    return good | {int(name[1:]): (answer, "") for name, answer in changed.items()}


def entry(**values) -> Entry:
    given = {"answers": answers(), "people_seen": 40, "on_payroll": 41, "result": "satisfactory", "result_reason": "All as it should be"}
    return Entry(**given | values)


def test_the_frequency_follows_class_and_multipliers(bank):
    known = selectors.figures("HK", making.TODAY)
    assert [selectors.needed(f"R{n}", [], known) for n in range(1, 6)] == [1, 2, 4, 6, 12]
    assert selectors.needed("R3", ["usance"], known) == 6
    assert selectors.needed("R3", ["usance", "exposure", "unaudited"], known) == 10
    assert selectors.needed("R5", ["usance", "unsatisfactory"], known) == 24


def test_factors_come_from_figures_premises_and_the_last_visit(bank):
    client = making.client(bank, opened_on=dt.date(2025, 9, 1))
    making.drawn(client, "ULC", 40_000_000, limit=50_000_001)
    making.drawn(client, "OD", 1_000)
    services.keep_premises(client_id=client.pk, values={"is_unaudited": True}, actor=bank.rm, now=NOW)
    found = selectors.factors([client], on=making.TODAY, known=selectors.figures("HK", making.TODAY))
    assert found == {client.pk: ["new", "usance", "exposure", "unaudited"]}


def test_settling_twice_adds_nothing_and_a_change_of_class_lays_new_windows(bank):
    client = watched(bank, loan_class=1)
    assert services.settle(on=making.TODAY, now=NOW)["quotas"] == 0
    first = Quota.objects.get()
    assert (first.count, first.from_on, first.windows) == (2, dt.date(2026, 3, 5), 2)
    risk.downgrade(standing_id=client.risk_standings.get().pk, loan_class=2, evidence="Slow", actor=bank.head, now=NOW + 30 * DAY)
    services.settle(on=making.TODAY + 30 * DAY, now=NOW + 30 * DAY)
    second = Quota.objects.order_by("from_on").last()
    assert (second.count, second.from_on, second.windows, second.gap) == (6, dt.date(2026, 4, 4), 5, 10)
    assert all(one.day < second.from_on or one.window.startswith("2026-04-04") for one in plan(client))


def test_next_year_is_settled_before_it_begins(bank):
    watched(bank)
    services.settle(on=dt.date(2026, 12, 15), now=at(dt.date(2026, 12, 15), "02:00"))
    assert list(Quota.objects.order_by("from_on").values_list("from_on", "windows")) == [(dt.date(2026, 3, 5), 5), (dt.date(2027, 1, 1), 6)]


def test_nothing_is_written_before_half_past_five_of_the_eve(bank):
    client = watched(bank)
    first = plan(client)[0]
    eve = eve_of(client, first.day)
    services.keep(now=at(eve, "17:29"))
    assert not SurpriseVisit.objects.exists()
    services.keep(now=at(eve, "17:30"))
    visit = SurpriseVisit.objects.get()
    assert (visit.on, visit.window, visit.state, visit.risk_class) == (first.day, first.window, VisitState.REVEALED, "R4")
    services.keep(now=at(eve, "17:31"))
    assert SurpriseVisit.objects.count() == 1


def test_the_coordinator_learns_in_the_evening_the_visitors_at_eight(bank):
    visit = revealed(bank)
    assert set(Notification.objects.values_list("user__username", "kind")) & {("centre", "surprise_revealed")}
    people = [fresh(one) for one in (visit.visitor, visit.companion)]
    assert not Notification.objects.filter(kind="surprise_morning").exists()
    services.keep(now=at(visit.on, "07:59"))
    assert not Notification.objects.filter(kind="surprise_morning").exists()
    services.keep(now=at(visit.on, "08:00"))
    services.keep(now=at(visit.on, "08:01"))
    assert {row.user_id for row in Notification.objects.filter(kind="surprise_morning")} == {one.pk for one in people}


def test_who_sees_a_visit_and_when(bank, time_machine_at):
    visit = revealed(bank)
    visitors = {visit.visitor.username, visit.companion.username}

    def seers() -> set[str]:
        return {name for name, one in bank.people.items() if SurpriseVisit.objects.visible_to(fresh(one)).exists()}

    always = {"centre", "ho", "ho2", "compliance", "compliance2", "auditor"}
    with time_machine_at(at(visit.on, "07:59")):
        assert seers() == always
    with time_machine_at(at(visit.on, "08:00")):
        assert seers() == always | visitors
    SurpriseVisit.objects.update(state=VisitState.MISSED)
    with time_machine_at(at(visit.on, "08:00")):
        assert seers() == always | visitors | {"rm", "head", "co1", "co2", "approver", "chair"}


def test_from_r4_on_two_go_and_one_is_not_the_accounts_manager(bank):
    visit = revealed(bank)
    assert visit.companion_id is not None
    assert {visit.visitor_id, visit.companion_id} != {bank.rm.pk}
    known = selectors.figures("HK", making.TODAY)
    pairs = set()
    for number in range(40):
        visit.window = f"w{number}"
        pairs.add(services.keeping.choose(visit, known, now=NOW))
    assert all(first != second and bank.rm.pk in (first, second) for first, second in pairs)


def test_seven_of_ten_visits_below_r4_are_the_managers_own(bank):
    visit = revealed(bank)
    visit.risk_class = "R2"
    known = selectors.figures("HK", making.TODAY)
    own = 0
    for number in range(2000):
        visit.window = f"w{number}"
        first, second = services.keeping.choose(visit, known, now=NOW)
        own += first == bank.rm.pk
        assert second is None
    assert 0.66 < own / 2000 < 0.74


def test_a_visitor_who_leaves_the_bank_in_the_night_is_replaced(bank):
    visit = revealed(bank)
    gone = visit.companion if visit.visitor_id == bank.rm.pk else visit.visitor
    Post.objects.filter(user=gone).update(to_at=at(visit.on, "00:00"))
    services.keep(now=at(visit.on, "08:00"))
    visit.refresh_from_db()
    assert gone.pk not in (visit.visitor_id, visit.companion_id)
    assert not Notification.objects.filter(kind="surprise_morning", user=gone).exists()


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


@pytest.fixture(autouse=True)
def long_after():
    """Visits are seen by their visitors from the morning on: the wall clock stands far behind it."""
    with time_machine.travel(dt.datetime(2027, 6, 1, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def time_machine_at():
    return lambda moment: time_machine.travel(moment, tick=False)


@pytest.fixture
def heard():
    """What is told of visits."""
    told = []
    witness = VisitWitness("test", lambda **what: told.append(what["sighting"]))
    register(witness)
    yield told
    _registry[VisitWitness].remove(witness)


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


def test_the_tolerance_of_people_is_thirty_per_cent():
    assert not rules.is_short_staffed(70, 100, 30)
    assert rules.is_short_staffed(69, 100, 30)
    assert not rules.is_short_staffed(None, 100, 30)
    assert not rules.is_short_staffed(0, None, 30)


@pytest.mark.parametrize("how", ["call", "invitation"])
def test_a_contact_between_reveal_and_check_in_makes_it_announced_and_draws_anew(bank, how, time_machine_at):
    visit = revealed(bank)
    between = visit.revealed_at + dt.timedelta(hours=1)
    if how == "call":
        visiting.log(bank.rm, visit.client.company, kind="call", at=between, now=between)
    else:
        with time_machine_at(between):
            visiting.plan(bank.rm, visit.client.company, at=between + 9 * DAY, now=between, kind="meeting")
    services.check_in(visit_id=visit.pk, place=None, away_reason="No signal here", actor=fresh(visit.visitor), now=visit.begins_at)
    visit.refresh_from_db()
    assert visit.tainted_at == visit.begins_at
    services.record(visit_id=visit.pk, entry=entry(), actor=fresh(visit.visitor), now=visit.begins_at)
    assert not SurpriseVisit.objects.made().exists()
    assert progress_of([visit.client_id], on=visit.on)[visit.client_id].counted == 0
    order = DrawOrder.objects.get()
    assert (order.window, order.attempt, order.origin) == (visit.window, "2", Origin.REDRAWN)
    assert order.from_on > visit.on


def test_a_call_written_down_afterwards_still_announces(bank):
    visit = there(bank)
    services.record(visit_id=visit.pk, entry=entry(), actor=fresh(visit.visitor), now=visit.begins_at)
    assert SurpriseVisit.objects.made().exists()
    visiting.log(bank.rm, visit.client.company, kind="call", at=visit.begins_at - dt.timedelta(hours=2), now=visit.begins_at + DAY)
    services.keep(now=visit.begins_at + DAY)
    assert not SurpriseVisit.objects.made().exists()
    services.keep(now=visit.begins_at + DAY)
    assert DrawOrder.objects.count() == 1


def test_only_the_centre_head_cancels_and_another_is_drawn_in_the_window_and_ten_working_days(bank):
    visit = revealed(bank)
    now = visit.begins_at - dt.timedelta(hours=3)
    for who in (bank.rm, bank.head, bank.compliance, bank.ho):
        with pytest.raises((NotAllowed, SurpriseVisit.DoesNotExist)):
            services.cancel(visit_id=visit.pk, reason="Typhoon signal 8 is up", actor=fresh(who), now=now)
    with pytest.raises(RuleBroken, match="Say why"):
        services.cancel(visit_id=visit.pk, reason="No", actor=bank.centre, now=now)
    services.cancel(visit_id=visit.pk, reason="Typhoon signal 8 is up", actor=bank.centre, now=now)
    order = DrawOrder.objects.get()
    calendar = selectors.calendar_of(visit.centre, now)
    ends = planning.window_end(list(Quota.objects.all()), visit.window)
    assert order.until_on == calendar.add_working_days(max(ends, order.from_on), 10)
    with pytest.raises((NotAllowed, InvalidTransition)):
        services.cancel(visit_id=visit.pk, reason="Typhoon signal 8 is up", actor=bank.centre, now=now)
    again = planning.draw_of(order, calendar=calendar, jurisdiction="HK")
    services.keep(now=at(calendar.add_working_days(again.day, -1), "17:30"))
    anew = SurpriseVisit.objects.get(origin=Origin.REDRAWN)
    assert (anew.on, anew.window, anew.attempt) == (again.day, visit.window, "2")


def test_a_visit_whose_day_goes_by_is_drawn_anew_once(bank):
    visit = revealed(bank)
    for hours in (0, 1):
        services.keep(now=at(visit.on + DAY, "09:00") + dt.timedelta(hours=hours))
    visit.refresh_from_db()
    assert visit.state == VisitState.MISSED
    assert DrawOrder.objects.count() == 1
    broken = [line for one in of(Invariant) if one.code.startswith("surprises.") for line in one.broken()]
    assert broken == []


@pytest.mark.parametrize(("severity", "days"), [("H", 5), ("C", 1)])
def test_an_open_flag_forces_one_draw_within_its_days(bank, severity, days):
    client = making.client(bank)
    services.force_draw(client_id=client.pk, severity=severity, source="17", now=NOW)
    services.force_draw(client_id=client.pk, severity=severity, source="17", now=NOW)
    calendar = selectors.calendar_of(client.centre, NOW)
    for count in range(8):
        day = calendar.add_working_days(making.TODAY, count)
        services.keep(now=at(day, "17:30"))
    visit = SurpriseVisit.objects.get(client=client, origin=Origin.FLAG)
    assert 1 <= calendar.working_days_between(making.TODAY, visit.on) <= days
    assert services.force_draw(client_id=client.pk, severity="M", source="18", now=NOW) is None


def test_the_first_use_of_a_facility_is_looked_at_within_fifteen_days(bank):
    client = making.client(bank)
    making.standing(bank, client)
    making.drawn(making.client(bank, name="Old", name_zh=""), on=making.TODAY - 100 * DAY)
    making.drawn(client, "TR", 0, on=making.TODAY - 3 * DAY)
    making.drawn(client, "TR", 500, on=making.TODAY)
    assert services.settle(on=making.TODAY, now=NOW)["first_uses"] == 1
    order = DrawOrder.objects.get()
    assert (order.origin, order.client_id, order.until_on) == (Origin.FIRST_USE, client.pk, making.TODAY + 14 * DAY)
    assert services.settle(on=making.TODAY, now=NOW)["first_uses"] == 0


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


def jpeg(taken: str = "", latitude: float | None = None, colour: int = 0) -> bytes:
    picture = Image.new("RGB", (8, 8), (colour, 0, 0))
    exif = Image.Exif()
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if latitude is not None:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        degrees, minutes = divmod(latitude * 60, 60)
        place.update({1: "N", 2: (degrees, minutes, 0.0), 3: "E", 4: (114.0, 13.5, 0.0)})
    held = io.BytesIO()
    picture.save(held, "JPEG", exif=exif)
    return held.getvalue()


def photo(visit, content: bytes, point: int = 1):
    actor = fresh(visit.visitor)
    file = receive_photo(SimpleUploadedFile("door.jpg", content, "image/jpeg"), actor=actor)
    return services.add_photo(visit_id=visit.pk, point=point, file_id=file.pk, actor=actor, now=visit.begins_at)


def test_photos_keep_their_time_and_place_and_say_what_does_not_fit(bank):
    visit = there(bank)
    taken = visit.begins_at.astimezone(HK)
    right = photo(visit, jpeg(f"{taken:%Y:%m:%d %H:%M:%S}", 22.312))
    assert (right.remarks, right.taken_at, round(right.latitude, 3)) == ([], visit.begins_at, 22.312)
    assert photo(visit, jpeg()).remarks == ["no_time"]
    assert photo(visit, jpeg(f"{taken - DAY:%Y:%m:%d %H:%M:%S}", 22.4)).remarks == ["other_time", "other_place"]
    assert photo(visit, jpeg("2026:99:99 00:00:00", colour=9)).remarks == ["no_time"]
    with pytest.raises(RuleBroken):
        receive_photo(SimpleUploadedFile("door.jpg", b"%PDF-1.7", "image/jpeg"), actor=visit.visitor)
    again = photo(visit, jpeg())
    assert visit.photos.count() == 4
    assert again.point == 1


def test_compliance_reads_the_plan_with_a_reason_and_others_hear_of_it(bank):
    client = watched(bank)
    for name in ("rm", "head", "centre", "ho", "auditor", "admin", "co1"):
        with pytest.raises(NotAllowed):
            services.read_plan(client_id=client.pk, reason="Curious", actor=fresh(bank.people[name]), now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        services.read_plan(client_id=client.pk, reason=" ", actor=bank.compliance, now=NOW)
    found = services.read_plan(client_id=client.pk, reason="Tip from the hotline", actor=bank.compliance, now=NOW)
    assert [one.day for one in found] == [one.day for one in plan(client)]
    read = PlanRead.objects.get()
    assert (read.actor, read.reason) == (bank.compliance, "Tip from the hotline")
    assert Notification.objects.get(kind="surprise_plan_read").user == bank.compliance2
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanRead.objects.update(reason="never")


def test_the_night_runs_in_order_and_its_second_run_changes_nothing(bank):
    client = making.client(bank)
    making.drawn(client)
    assert nightly.run(on=making.TODAY, now=NOW) == {"clients": 1, "flags_raised": 0, "draws": 1}
    assert nightly.run(on=making.TODAY, now=NOW) == {"clients": 1, "flags_raised": 0, "draws": 0}


def test_a_worker_that_slept_for_days_reveals_what_it_missed_and_draws_it_anew(bank):
    client = watched(bank)
    RevealRun.objects.create(centre=client.centre, through_on=making.TODAY, at=NOW)
    first = plan(client)[0]
    services.keep(now=at(first.day + 4 * DAY, "12:00"))
    assert SurpriseVisit.objects.get(window=first.window, attempt=first.attempt).state == VisitState.MISSED
    assert DrawOrder.objects.filter(window=first.window).count() == 1
