"""Accountability files: opened by themselves, duties due and done, written into for good, frozen at class 3 with their score."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from credit.accountability import parts, rules, selectors, services
from credit.accountability.contributions import _changed
from credit.accountability.models import Compilation, DutyFile, Entry, Reading
from credit.accountability.rules import Written
from credit.flags import services as flags
from credit.packs.models import PackEvent
from credit.risk import services as risk
from credit.surprises.models import DrawOrder, Quota, SurpriseVisit
from crm.clients import services as clients
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from tests.access.monitoring import opened
from tests.cast import NOW, fresh
from tests.companies.making import ask
from tests.credit.monitoring import making
from tests.credit.monitoring.test_secrecy import without_tokens

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


@pytest.fixture
def pack(bank):
    return making.pack_in(bank, making.client(bank), "available")


@pytest.fixture
def file(bank, pack):
    return services.open_file(pack_id=pack.pk, now=NOW)


def written(bank, file, by="rm", now=NOW, paper_id=None, **values):
    told = {"kind": "objection", "words": "I object to drawing before the bill is confirmed.", "party": "Head Lau", "said_at": NOW - DAY}
    return services.write_entry(file_id=file.pk, entry=Written(**told | values), paper_id=paper_id, actor=fresh(bank.people[by]), now=now)


def fall(bank, client, loan_class=3, now=NOW + 30 * DAY):
    standing = making.standing(bank, client)
    return risk.downgrade(standing_id=standing.pk, loan_class=loan_class, evidence="Unpaid since June", actor=fresh(bank.head), now=now)


def duties(file, until):
    return [(one.kind, one.label) for one in parts.gathered(selectors.scope_of(file, until))]


def test_a_live_pack_opens_its_file_once_and_one_in_preparation_none(bank, pack):
    making.pack_in(bank, making.client(bank, name="Second"), "handed_off")
    assert services.watch(now=NOW) == {"opened": 1, "frozen": 0}
    assert services.watch(now=NOW)["opened"] == 0
    [file] = DutyFile.objects.all()
    assert (file.pack, file.originator, file.since) == (pack, bank.rm, NOW)


def test_who_submitted_the_pack_stays_its_originator_after_a_transfer(bank, pack):
    PackEvent.objects.create(pack=pack, act="submit", actor=bank.rm2, at=NOW - 40 * DAY)
    PackEvent.objects.create(pack=pack, act="go_live", actor=bank.cad, at=NOW - 3 * DAY)
    file = services.open_file(pack_id=pack.pk, now=NOW)
    assert (file.originator, file.since) == (bank.rm2, NOW - 3 * DAY)
    assert DutyFile.objects.visible_to(fresh(bank.rm2)).exists()
    assert not DutyFile.objects.visible_to(fresh(bank.arm)).exists()


@pytest.mark.parametrize(
    ("done", "standing"), [(None, "missing"), (NOW, "on_time"), (NOW + dt.timedelta(seconds=1), "late"), (NOW - DAY, "on_time")]
)
def test_a_duty_is_met_until_its_very_moment(done, standing):
    assert rules.standing(NOW, done) == standing


def test_the_score_is_done_on_time_by_due_and_nothing_where_nothing_was_due():
    found = rules.tally(["on_time", "late", "on_time", "missing", "on_time", "on_time", "on_time"])
    assert (found.due, found.on_time, found.late, found.missing, found.score, found.percent) == (
        7,
        5,
        1,
        1,
        Decimal("0.7143"),
        Decimal("71.4"),
    )
    assert rules.tally([]).score is None


def test_flags_answered_late_and_not_at_all_are_duties_of_the_file(bank, file):
    making.flag(bank, file.client, "RF-10", now=NOW + DAY)
    late = making.flag(bank, file.client, "RF-11", by="head", now=NOW + DAY)
    flags.answer(flag_id=late.pk, act="explain", note="End of season", actor=fresh(bank.rm), now=NOW + 20 * DAY)
    found = parts.gathered(selectors.scope_of(file, NOW + 30 * DAY))
    assert [(one.kind, one.label, rules.standing(one.due_at, one.done_at)) for one in found] == [
        ("flag_explain", "RF-10", "missing"),
        ("flag_explain", "RF-11", "late"),
    ]
    assert duties(file, NOW + DAY) == []  # nothing is due yet


def test_a_duty_dropped_before_it_was_due_is_none(bank, file):
    making.flag(bank, file.client, "RF-10", now=NOW + DAY)
    for item in WorkItem.objects.filter(kind="flag_explain"):
        item.close(actor=None, now=NOW + 2 * DAY, state="dropped")
    assert duties(file, NOW + 30 * DAY) == []


def test_a_review_of_know_your_customer_is_due_by_its_day(bank, file):
    client = file.client
    clients.review_kyc(client_id=client.pk, risk="high", reviewed_on=making.TODAY - 300 * DAY, actor=fresh(bank.rm), now=NOW)
    client.refresh_from_db()
    clients.review_kyc(client_id=client.pk, risk="low", reviewed_on=client.kyc_due_on - DAY, actor=fresh(bank.rm), now=NOW + 90 * DAY)
    found = parts.gathered(selectors.scope_of(file, NOW + 100 * DAY))
    assert [(one.kind, one.label, rules.standing(one.due_at, one.done_at)) for one in found] == [
        ("kyc_review", client.kyc_due_on.isoformat(), "on_time")
    ]


def plan(client, **values):
    told = {"from_on": dt.date(2026, 1, 1), "count": 4, "windows": 4, "gap": 15, "risk_class": "R3", "at": NOW}
    return Quota.objects.create(client=client, **told | values)


def visit(bank, file, window, **values):
    told = {
        "client": file.client, "origin": "drawn", "window": window, "attempt": "1", "on": dt.date(2026, 3, 30),
        "begins_at": NOW, "ends_at": NOW,
        "revealed_at": NOW, "told_at": NOW, "visitor": bank.rm, "state": "recorded", "checked_in_at": NOW, "recorded_at": NOW + 20 * DAY,
        "result": "watch", "record_due_at": NOW + 21 * DAY, "owner": bank.rm, "team": bank.team, "centre": bank.units["centre"],
    }  # fmt: skip
    made = SurpriseVisit(**told | values)
    made.save()
    return made


def test_a_window_counts_when_its_days_and_those_of_a_draw_made_anew_are_over(bank, file):
    plan(file.client)
    visit(bank, file, "2026-01-01/1")
    over = dt.datetime(2026, 4, 15, 9, 30, tzinfo=dt.UTC)  # the first window ends on 1 April; ten working days later, as work closes
    assert "surprise_window" not in dict(duties(file, over - dt.timedelta(seconds=1)))
    until = over
    found = {one.kind: rules.standing(one.due_at, one.done_at) for one in parts.gathered(selectors.scope_of(file, until))}
    assert found == {"surprise_record": "on_time", "surprise_window": "on_time"}


def test_a_visit_that_was_announced_does_not_fill_its_window(bank, file):
    plan(file.client)
    visit(bank, file, "2026-01-01/1", tainted_at=NOW)
    found = parts.gathered(selectors.scope_of(file, NOW + 90 * DAY))
    assert [rules.standing(one.due_at, one.done_at) for one in found if one.kind == "surprise_window"] == ["missing"]


def test_a_pending_plan_changes_neither_bytes_nor_statements(bank, file, browse):
    page, answers = reverse("accountability:file_detail", args=[file.pk]), []
    browser = browse(bank.rm)
    browser.get(page)  # what is remembered by a process is so from here on
    for turn in range(2):
        with CaptureQueriesContext(connection) as held:
            content = browser.get(page).content
        answers.append((without_tokens(content), len(held)))
        if not turn:
            plan(file.client)
            days = {"from_on": making.TODAY + DAY, "until_on": making.TODAY + 9 * DAY}
            DrawOrder.objects.create(client=file.client, origin="first_use", window="use-OD1", attempt="1", at=NOW, **days)
    assert answers[0] == answers[1]


def test_an_objection_is_kept_with_its_paper_and_nobody_changes_it(bank, file):
    upload = SimpleUploadedFile("memo.png", PNG, "image/png")
    paper = services.bring_paper(upload, actor=bank.rm, now=NOW)
    entry = written(bank, file, paper_id=paper.pk)
    assert (entry.kind, entry.party, entry.file.name, entry.post.role) == ("objection", "Head Lau", "memo.png", "SRM")
    for change in (lambda: Entry.objects.update(words="I agree"), lambda: Entry.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"words": " "}, "words"),
        ({"party": ""}, "party"),
        ({"said_at": None}, "said_at"),
        ({"said_at": NOW + DAY}, "said_at"),
        ({"kind": "x"}, "kind"),
    ],
)
def test_an_entry_says_who_when_and_what(bank, file, values, field):
    with pytest.raises(RuleBroken) as refused:
        written(bank, file, **values)
    assert field in refused.value.fields


def test_others_read_but_do_not_write_and_strangers_find_nothing(bank, file):
    with pytest.raises(NotAllowed, match="relationship manager"):
        written(bank, file, by="head")
    with pytest.raises(DutyFile.DoesNotExist):
        written(bank, file, by="outsider")
    with pytest.raises(RuleBroken, match="Bring the file again"):
        written(bank, file, paper_id=services.bring_paper(SimpleUploadedFile("a.png", PNG), actor=bank.head, now=NOW).pk)


def test_class_3_freezes_the_file_in_the_same_transaction_and_only_once(bank, file):
    making.flag(bank, file.client, "RF-10", now=NOW + DAY)
    written(bank, file)
    fall(bank, file.client)
    [frozen] = Compilation.objects.all()
    told = frozen.told
    assert (frozen.loan_class, frozen.due, frozen.on_time, frozen.score) == (3, 1, 0, Decimal(0))
    assert told["entries"][0]["words"].startswith("I object")
    assert [row["to"] for row in told["movements"]] == [1, 3]
    assert told["people"][0]["username"] == "rm"
    standing = file.client.risk_standings.get()
    risk.downgrade(standing_id=standing.pk, loan_class=4, evidence="Gone", actor=fresh(bank.head), now=NOW + 40 * DAY)
    services.watch(now=NOW + 50 * DAY)
    assert Compilation.objects.count() == 1


def test_class_2_freezes_nothing(bank, file):
    fall(bank, file.client, 2)
    assert not Compilation.objects.exists()


def test_the_night_freezes_a_file_that_was_opened_after_the_fall(bank, pack):
    fall(bank, pack.company.client, now=NOW)
    assert services.watch(now=NOW + DAY) == {"opened": 1, "frozen": 1}
    assert services.watch(now=NOW + 2 * DAY) == {"opened": 0, "frozen": 0}


def test_what_is_frozen_gives_the_same_score_again_and_the_database_keeps_it(bank, file):
    making.flag(bank, file.client, "RF-10", now=NOW + DAY)
    fall(bank, file.client)
    assert list(_changed()) == []
    for change in (lambda: Compilation.objects.update(on_time=1, score=1), lambda: DutyFile.objects.update(since=NOW - DAY)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    row = Compilation.objects.get()
    content = row.content.replace('"done_at":null', f'"done_at":"{NOW.isoformat()}"')
    Compilation.objects.bulk_create(
        [Compilation(file_of=file, movement=file.client.risk_standings.get().movements.first(), loan_class=3, content=content,
                     sha256=row.sha256, due=1, on_time=0, score=0, at=NOW)]
    )  # fmt: skip
    assert [line.partition(": ")[2] for line in _changed()] == ["it is not what its hash says.", "its duties give another score."]


def test_each_manager_answers_for_the_duties_of_their_own_time():
    told = {
        "people": [
            {"name": "Ann", "from": "2026-01-01T00:00:00+00:00", "to": "2026-03-01T00:00:00+00:00"},
            {"name": "Ben", "from": "2026-03-01T00:00:00+00:00", "to": None},
        ],
        "duties": [
            {"due_at": "2026-02-28T00:00:00+00:00", "done_at": "2026-02-27T00:00:00+00:00"},
            {"due_at": "2026-03-01T00:00:00+00:00", "done_at": None},
            {"due_at": "2026-03-05T00:00:00+00:00", "done_at": "2026-03-04T00:00:00+00:00"},
        ],
    }
    assert [(name, one.on_time, one.due) for name, one in rules.shares(told)] == [("Ann", 1, 1), ("Ben", 1, 2)]


def test_the_page_shows_score_duties_and_entries_and_notes_its_reader(bank, file, browse):
    making.flag(bank, file.client, "RF-10", now=NOW - DAY)
    written(bank, file)
    fall(bank, file.client, now=NOW)
    browser = browse(bank.auditor)
    page = browser.get(reverse("accountability:file_detail", args=[file.pk])).content.decode()
    assert "I object to drawing" in page
    assert Compilation.objects.get().sha256[:24] in page
    assert [(row.actor, row.way) for row in Reading.objects.visible_to(fresh(bank.compliance))] == [(bank.auditor, "page")]
    assert not Reading.objects.visible_to(fresh(bank.rm)).exists()


def test_credits_own_duties_stay_hidden_from_the_manager_and_count_for_nobody(bank, file, browse):
    opened(bank, file.client, "HIDDEN1", NOW - 3 * DAY)
    WorkItem.objects.filter(kind="check_send").update(due_at=NOW)
    page = reverse("accountability:file_detail", args=[file.pk])
    assert b"HIDDEN1" not in browse(bank.rm).get(page).content
    assert b"HIDDEN1" in browse(bank.co1).get(page).content
    fall(bank, file.client, now=NOW)
    frozen = Compilation.objects.get()
    assert (frozen.due, [one["label"] for one in frozen.told["credit_duties"]]) == (0, ["HIDDEN1"])


def test_the_frozen_file_is_a_pdf_in_the_readers_language(bank, file, browse):
    written(bank, file)
    fall(bank, file.client, now=NOW)
    url = reverse("accountability:frozen_pdf", args=[Compilation.objects.get().pk])
    answer = browse(bank.rm).get(url, {"language": "zh-hant"})
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert file.pack.number in text
    assert "I object to drawing" in text
    assert "責任" in text


def test_the_list_costs_the_same_however_long_it_is(bank, file, browse, django_assert_max_num_queries):
    making.flag(bank, file.client, "RF-10", now=NOW)
    fall(bank, file.client, now=NOW + 20 * DAY)
    browser = browse(bank.head)
    browser.get("/")
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("accountability:file_list")).content.decode()
    assert "0.0 %" in page


def test_the_api_gives_the_file_and_writes_into_it(bank, file):
    body = {"kind": "instruction", "words": "Draw today.", "party": "Head Lau", "said_at": (NOW - DAY).isoformat()}
    made = ask(bank.rm, f"credit-accountability/{file.pk}/entries", body)
    assert made.status_code == 201, made.content
    told = ask(bank.rm, f"credit-accountability/{file.pk}").json()
    assert (told["due"], told["score"], told["entries"][0]["words"]) == (0, None, "Draw today.")
    assert ask(bank.outsider, f"credit-accountability/{file.pk}").status_code == 404
