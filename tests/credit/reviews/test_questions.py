"""Questions of the credit department: the list, the thread, answers, what holds a pack up (domain 6.7; transitions 10 to 12)."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from credit.packs.choices import State
from credit.reviews import selectors, services
from credit.reviews.choices import QuestionState, ReviewWork
from credit.reviews.models import Question, Saying
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.events import AppendOnly
from crm.kernel.worklist import WorkItem
from tests.cast import NOW, fresh
from tests.credit import filing, reviewing

DAY = dt.timedelta(days=1)


def test_the_complete_list_is_sent_at_once_and_nobody_outside_credit_sees_it_before(bank):
    pack = reviewing.in_review(bank)
    reviewing.ask(bank, pack, "info", send=False)
    reviewing.ask(bank, pack, "material", send=False)
    assert not Question.objects.visible_to(fresh(bank.rm)).exists()
    sent = services.send_questions(pack_id=pack.pk, actor=bank.analyst, now=NOW)
    assert [row.state for row in sent] == [QuestionState.OPEN] * 2
    assert Question.objects.visible_to(fresh(bank.rm)).count() == 2
    pack.refresh_from_db()
    assert (pack.state, pack.came_from) == (State.QUERY, State.IN_REVIEW)
    assert WorkItem.objects.open().get(kind=ReviewWork.ANSWER).assignee == bank.rm
    with pytest.raises(RuleBroken, match="No question is on the list"):
        services.send_questions(pack_id=pack.pk, actor=bank.analyst, now=NOW)


def test_an_answer_is_due_after_two_working_days_of_open_time(bank):
    question = reviewing.ask(bank, reviewing.in_review(bank))
    assert question.due_at == NOW + 2 * DAY  # Wednesday 10:00 to Friday 10:00


def test_the_review_goes_on_by_itself_with_the_last_answer(bank):
    pack = reviewing.in_review(bank)
    question = reviewing.ask(bank, pack)
    reviewing.answer(bank, question, now=NOW + DAY)
    pack.refresh_from_db()
    assert (pack.state, pack.came_from) == (State.IN_REVIEW, "")
    assert WorkItem.objects.open().get(kind=ReviewWork.READ).assignee == bank.analyst
    assert not WorkItem.objects.open().filter(kind=ReviewWork.ANSWER).exists()


def test_the_manager_gives_it_back_once_the_blockers_are_answered(bank):
    pack = reviewing.in_review(bank)
    reviewing.ask(bank, pack, "info", send=False)
    blocker = reviewing.ask(bank, pack, "blocker")
    with pytest.raises(RuleBroken, match="still wait for an answer: 1"):
        services.resume(pack_id=pack.pk, actor=bank.rm, now=NOW)
    reviewing.answer(bank, blocker)
    pack.refresh_from_db()
    assert pack.state == State.QUERY
    services.resume(pack_id=pack.pk, actor=bank.rm, now=NOW)
    pack.refresh_from_db()
    assert pack.state == State.IN_REVIEW
    with pytest.raises(NotAllowed, match="No question holds"):
        services.resume(pack_id=pack.pk, actor=bank.rm, now=NOW)


def test_an_answer_that_will_not_do_is_asked_again_and_the_pack_waits_anew(bank):
    pack = reviewing.in_review(bank)
    question = reviewing.ask(bank, pack)
    with pytest.raises(NotAllowed, match="not answered yet"):
        services.accept(question_id=question.pk, actor=bank.analyst, now=NOW)
    reviewing.answer(bank, question)
    services.reopen(question_id=question.pk, text="Which buyer?", actor=bank.analyst, now=NOW)
    pack.refresh_from_db()
    assert pack.state == State.QUERY
    reviewing.answer(bank, question)
    services.accept(question_id=question.pk, actor=bank.analyst, now=NOW)
    question.refresh_from_db()
    assert question.state == QuestionState.ACCEPTED
    assert [entry.act for entry in question.thread.order_by("pk")] == ["ask", "answer", "reopen", "answer", "accept"]
    assert selectors.blockers(pack) == 0


def test_a_withdrawn_question_lets_the_review_go_on(bank):
    pack = reviewing.in_review(bank)
    question = reviewing.ask(bank, pack)
    with pytest.raises(RuleBroken, match="Say why"):
        services.withdraw_question(question_id=question.pk, text=" ", actor=bank.analyst, now=NOW)
    services.withdraw_question(question_id=question.pk, text="Found it", actor=bank.analyst, now=NOW)
    pack.refresh_from_db()
    assert pack.state == State.IN_REVIEW
    with pytest.raises(NotAllowed, match="settled"):
        services.withdraw_question(question_id=question.pk, text="Again", actor=bank.analyst, now=NOW)


def test_evidence_comes_with_the_answer_and_only_ones_own(bank):
    pack = reviewing.in_review(bank)
    question = reviewing.ask(bank, pack)
    foreign = filing.stored(bank, pack, by="head")
    with pytest.raises(RuleBroken, match="Bring the file again"):
        services.answer(question_id=question.pk, text="See", file_id=foreign, actor=bank.rm, now=NOW)
    own = filing.stored(bank, pack, name="aging.pdf")
    services.answer(question_id=question.pk, text="See", file_id=own, actor=bank.rm, now=NOW)
    assert Saying.objects.get(act="answer").file_id == own


def test_only_the_manager_answers_and_only_credit_asks(bank):
    pack = reviewing.in_review(bank)
    question = reviewing.ask(bank, pack)
    for name in ("head", "analyst", "compliance"):
        with pytest.raises(NotAllowed, match="Only its relationship manager"):
            reviewing.answer(bank, question, by=name)
    with pytest.raises(NotAllowed, match="Only its analyst"):
        reviewing.ask(bank, pack, by="analyst2")
    with pytest.raises(NotAllowed):
        reviewing.ask(bank, pack, by="rm")
    reviewing.ask(bank, pack, "info", by="co1")
    with pytest.raises(Question.DoesNotExist):
        reviewing.answer(bank, question, by="outsider")


@pytest.mark.parametrize(("field", "value"), [("topic", "weather"), ("severity", "deadly"), ("text", " \u0000 "), ("text", "x" * 2001)])
def test_a_question_that_is_none_is_refused_at_its_field(bank, field, value):
    pack = reviewing.in_review(bank)
    given = {"topic": "cash", "severity": "info", "text": "How?"} | {field: value}
    with pytest.raises(RuleBroken) as refused:
        services.draft_question(pack_id=pack.pk, actor=bank.analyst, now=NOW, **given)
    assert field in refused.value.fields


def test_what_was_said_is_never_changed(bank):
    question = reviewing.ask(bank, reviewing.in_review(bank))
    entry = question.thread.get()
    entry.text = "Never said"
    with pytest.raises(AppendOnly):
        entry.save()
    for change in (lambda: Saying.objects.update(text="Never said"), lambda: Saying.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_head_is_told_after_two_days_more_and_after_five_the_pack_is_returned(bank):
    pack = reviewing.in_review(bank)
    question = reviewing.ask(bank, pack)
    due = question.due_at  # Friday 6 March 10:00
    assert services.watch(now=due + DAY / 24)["told"] == 0
    tuesday = due + 4 * DAY + dt.timedelta(minutes=1)
    assert services.watch(now=tuesday)["told"] == 1
    item = WorkItem.objects.open().get(kind=ReviewWork.OVERDUE)
    assert (item.unit, item.role) == (bank.team, "TH")
    assert services.watch(now=tuesday + DAY)["told"] == 0
    friday = due + 7 * DAY
    assert services.watch(now=friday)["returned"] == 0
    assert services.watch(now=friday + dt.timedelta(minutes=1))["returned"] == 1
    pack.refresh_from_db()
    assert pack.state == State.RETURNED
    assert [row.kind for row in WorkItem.objects.open().filter(subject_id=pack.pk)] == [ReviewWork.RETURNED]
