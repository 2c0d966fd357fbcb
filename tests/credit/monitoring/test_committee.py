"""The committee on a frozen file: human resources, audit and credit, the judged heard first, one decision for good (domain 7.7)."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from credit.accountability import rules, selectors, services
from credit.accountability.models import Ballot, Compilation, DutyFile, Ruling, Statement
from credit.packs.models import PackEvent
from crm.clients.models import Client
from crm.companies.models import Company
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from crm.staff.models import Post
from tests.cast import NOW, fresh
from tests.companies.making import ask
from tests.credit.monitoring import making
from tests.credit.monitoring.test_accountability import DAY, fall

pytestmark = pytest.mark.django_db
LATER = NOW + 60 * DAY


@pytest.fixture
def frozen(bank):
    making.hr(bank)
    client = making.client(bank)
    services.open_file(pack_id=making.pack_in(bank, client, "available").pk, now=NOW)
    fall(bank, client, now=NOW + 30 * DAY)
    return Compilation.objects.get()


@pytest.fixture
def case(bank, frozen):
    return services.convene(compilation_id=frozen.pk, actor=fresh(bank.auditor), now=NOW + 31 * DAY)


def vote(bank, case, who, outcome="full", now=LATER):
    told = {"outcome": outcome, "judgement": "He objected in writing, and did what was due."}
    return services.vote(case_id=case.pk, actor=fresh(bank.people[who]), now=now, **told)


def close(bank, case, by="auditor"):
    return services.close_vote(case_id=case.pk, reason="A clear objection in writing.", actor=fresh(bank.people[by]), now=LATER)


def test_the_bench_is_human_resources_audit_and_credit_and_never_a_team_head():
    assert [rules.bench_of([role]) for role in ("HR", "AUD", "CO", "CC", "RM", "RCH", "COMP", "CA")] == [
        *("hr", "audit", "credit", "credit"),
        *(None,) * 4,
    ]
    assert rules.bench_of(["AUD", "TH"]) is None


def test_more_than_half_carries_and_half_does_not():
    assert rules.carried(["full", "full", "partial"], majority_percent=50) == "full"
    assert rules.carried(["full", "full", "partial", "major"], majority_percent=50) is None
    assert rules.carried([], majority_percent=50) is None


def test_one_of_the_members_convenes_once_and_the_judged_are_asked(bank, frozen):
    for who in ("rm", "head", "centre"):
        with pytest.raises(NotAllowed, match="human resources, audit and credit"):
            services.convene(compilation_id=frozen.pk, actor=fresh(bank.people[who]), now=NOW + 31 * DAY)
    case = services.convene(compilation_id=frozen.pk, actor=fresh(bank.hr), now=NOW + 31 * DAY)
    asked = WorkItem.objects.open().get(kind="accountability_answer")
    assert (asked.assignee, asked.due_at) == (bank.rm, case.statement_until)
    assert case.statement_until == dt.datetime(2026, 4, 17, 9, 30, tzinfo=dt.UTC)  # ten working days after Saturday 4 April
    with pytest.raises(NotAllowed, match="convened already"):
        services.convene(compilation_id=frozen.pk, actor=fresh(bank.auditor), now=LATER)


def test_who_had_a_part_does_not_sit(bank, frozen):
    PackEvent.objects.create(pack=frozen.file_of.pack, act="decide", actor=bank.co1, at=NOW)
    with pytest.raises(NotAllowed, match="had a part"):
        services.convene(compilation_id=frozen.pk, actor=fresh(bank.co1), now=LATER)
    assert services.convene(compilation_id=frozen.pk, actor=fresh(bank.co2), now=LATER)


def test_a_member_who_heads_a_team_does_not_sit(bank, frozen):
    Post.objects.create(user=bank.auditor, role="TH", grade=4, unit=bank.units["far_team"], from_at=NOW - DAY)
    with pytest.raises(NotAllowed, match="made of human resources"):
        services.convene(compilation_id=frozen.pk, actor=fresh(bank.auditor), now=LATER)


def test_nobody_votes_before_the_judged_were_heard_or_their_time_is_over(bank, case):
    soon = NOW + 32 * DAY
    with pytest.raises(NotAllowed, match="may still answer"):
        vote(bank, case, "hr", now=soon)
    services.answer(case_id=case.pk, words="I objected on 3 March.", actor=fresh(bank.rm), now=soon)
    assert not WorkItem.objects.open().filter(kind="accountability_answer").exists()
    assert vote(bank, case, "hr", now=soon).bench == "hr"
    with pytest.raises(NotAllowed, match="have voted"):
        vote(bank, case, "hr", now=soon)


def test_only_the_judged_answer_once_and_in_time(bank, case):
    with pytest.raises(NotAllowed, match="began the loan answer"):
        services.answer(case_id=case.pk, words="No", actor=fresh(bank.head), now=NOW + 32 * DAY)
    with pytest.raises(NotAllowed, match="time for answers is over"):
        services.answer(case_id=case.pk, words="Late", actor=fresh(bank.rm), now=LATER)
    services.answer(case_id=case.pk, words="In time", actor=fresh(bank.rm), now=NOW + 32 * DAY)
    with pytest.raises(NotAllowed, match="answered already"):
        services.answer(case_id=case.pk, words="Again", actor=fresh(bank.rm), now=NOW + 32 * DAY)


def test_each_side_has_to_vote_and_three_make_the_quorum(bank, case):
    vote(bank, case, "hr")
    vote(bank, case, "auditor")
    with pytest.raises(RuleBroken, match="2 have voted"):
        close(bank, case)
    second = Post.objects.create(user=bank.editor, role="HR", grade=0, unit=bank.head_office, from_at=NOW - DAY)
    vote(bank, case, second.user.username)
    with pytest.raises(RuleBroken) as refused:
        close(bank, case)
    assert refused.value.code == "no_quorum"  # three, but none of credit


def test_without_a_majority_another_member_votes(bank, case):
    for who, outcome in (("hr", "full"), ("auditor", "partial"), ("co1", "major")):
        vote(bank, case, who, outcome)
    with pytest.raises(RuleBroken) as refused:
        close(bank, case)
    assert refused.value.code == "no_majority"
    vote(bank, case, "co2", "partial")
    vote(bank, case, "chair", "partial")
    assert close(bank, case).outcome == "partial"


@pytest.mark.parametrize(("outcome", "percent"), [("full", 0), ("partial", 25), ("major", 50), ("fraud", 100)])
def test_the_deferral_is_a_proposal_by_the_banks_guide(bank, case, outcome, percent):
    for who in ("hr", "auditor", "co1"):
        vote(bank, case, who, outcome)
    ruling = close(bank, case)
    assert (ruling.outcome, ruling.deferral_percent, ruling.votes) == (outcome, percent, {outcome: 3})


def test_the_decision_stands_for_good_and_one_objection_is_heard(bank, case):
    for who in ("hr", "auditor", "co1"):
        vote(bank, case, who)
    with pytest.raises(NotAllowed, match="Nothing is decided"):
        services.object_once(case_id=case.pk, words="No", actor=fresh(bank.rm), now=LATER)
    with pytest.raises(NotAllowed, match="convened the committee closes"):
        close(bank, case, by="hr")
    close(bank, case)
    with pytest.raises(NotAllowed, match="has decided"):
        vote(bank, case, "co2")
    services.object_once(case_id=case.pk, words="The file misses my letter.", actor=fresh(bank.rm), now=LATER)
    with pytest.raises(NotAllowed, match="objected already"):
        services.object_once(case_id=case.pk, words="Again", actor=fresh(bank.rm), now=LATER)
    changes = (
        lambda: Ruling.objects.update(outcome="fraud"),
        lambda: Ballot.objects.update(outcome="fraud"),
        lambda: Statement.objects.all()._raw_delete("default"),
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert not WorkItem.objects.open().filter(kind="accountability_close").exists()


def test_human_resources_see_frozen_files_alone_and_the_judged_no_ballots(bank, frozen, case, browse):
    other = making.pack_in(bank, making.client(bank, name="Second Mill"), "available")
    services.open_file(pack_id=other.pk, now=NOW)
    assert list(DutyFile.objects.visible_to(fresh(bank.hr))) == [frozen.file_of]
    assert not Client.objects.visible_to(fresh(bank.hr)).exists()
    assert not Company.objects.visible_to(fresh(bank.hr)).exists()
    for who in ("hr", "auditor", "co1"):
        vote(bank, case, who)
    close(bank, case)
    page = reverse("accountability:file_detail", args=[frozen.file_of_id])
    told = browse(bank.rm).get(page).content.decode()
    assert "A clear objection in writing." in told
    assert "did what was due" not in told
    assert "variable pay" not in told
    told = browse(bank.hr).get(page).content.decode()
    assert "did what was due" in told
    assert "variable pay" in told


def test_the_steps_are_taken_on_the_page(bank, frozen, browse):
    member, page = browse(bank.co1), reverse("accountability:file_detail", args=[frozen.file_of_id])
    assert reverse("accountability:convene", args=[frozen.pk]) in member.get(page).content.decode()
    assert (
        member.post(reverse("accountability:convene", args=[frozen.pk]), {"submission": "6f9619ff-8b86-4d01-b42d-00c04fc964ff"}).status_code
        == 302
    )
    case = selectors.case_of(frozen)
    assert reverse("accountability:answer", args=[case.pk]) in browse(bank.rm).get(page).content.decode()
    assert browse(bank.head).get(reverse("accountability:vote", args=[case.pk])).status_code == 403


def test_the_api_leads_a_committee_from_its_convening_to_the_objection(bank, frozen):
    root = "credit-accountability"
    shown = ask(bank.auditor, f"{root}/{frozen.file_of_id}").json()
    assert (shown["frozen"]["id"], shown["committee"]) == (frozen.pk, None)
    assert ask(bank.head, f"{root}/frozen/{frozen.pk}/convene", {}).status_code == 403
    for _turn in range(2):
        made = ask(bank.auditor, f"{root}/frozen/{frozen.pk}/convene", {}, **{"Idempotency-Key": "convene-1"})
        assert made.status_code == 201
    sits = f"{root}/committees/{made.json()['id']}"
    assert ask(bank.rm, f"{sits}/answer", {"words": "I objected on 3 March."}).status_code == 201
    for name in ("hr", "auditor", "co1"):
        voted = ask(bank.people[name], f"{sits}/vote", {"outcome": "full", "judgement": "He objected in writing."})
        assert voted.status_code == 201, voted.content
    assert ask(bank.hr, f"{sits}/close", {"reason": "Clear"}).status_code == 403
    closed = ask(bank.auditor, f"{sits}/close", {"reason": "A clear objection in writing."}).json()
    assert (closed["decision"]["outcome"], len(closed["ballots"])) == ("full", 3)
    objected = ask(bank.rm, f"{sits}/object", {"words": "The file misses my letter."}).json()
    assert [one["is_objection"] for one in objected["statements"]] == [False, True]
    assert (objected["ballots"], objected["decision"]["reason"]) == ([], "A clear objection in writing.")  # ballots are the committee's
    assert ask(bank.outsider, f"{sits}/object", {"words": "No"}).status_code == 404
    assert ask(bank.auditor, f"{root}/{frozen.file_of_id}").json()["committee"]["decision"]["votes"] == {"full": 3}
