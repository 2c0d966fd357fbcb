"""Questions: gathered by the credit department, sent as one complete list, answered with evidence, accepted, asked again, withdrawn
(domain 6.7; transitions 10 and 11). The thread is added to and never changed."""  # fmt: skip

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from credit.packs import selectors as packs
from credit.packs.choices import REVIEW, Act, State
from credit.packs.models import Pack
from credit.packs.rules import refuse
from credit.packs.services import steps
from credit.reviews import permissions, rules, selectors
from credit.reviews.choices import QUESTION_TRANSITIONS, WAITING, QuestionAct, QuestionState, ReviewWork, Severity, Topic
from credit.reviews.models import Question, Saying
from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkItem


@transaction.atomic
def draft_question(*, pack_id: int, topic: str, severity: str, text: str, actor: Any, now: dt.datetime) -> Question:
    """Put a question on the list, which nobody outside the credit department sees until it is sent. NotAllowed for others; RuleBroken."""
    pack = steps.locked(pack_id, actor)
    permissions.can_ask(user=actor, pack=pack, review=selectors.review_of(pack)).require()
    if topic not in Topic.values:
        raise refuse("topic", _("Pick one of the choices."))
    if severity not in Severity.values:
        raise refuse("severity", _("Pick one of the choices."))
    words = rules.text(text, rules.QUESTION, "text", _("Write the question."))
    version, last = packs.sealed_of(pack), pack.questions.aggregate(last=Max("number"))["last"] or 0
    if version is None:
        raise RuleBroken(_("No version of this pack is sealed."))
    if last >= rules.MOST_QUESTIONS:
        raise RuleBroken(_("A pack has %(most)s questions at most. Return it with its defects.") % {"most": rules.MOST_QUESTIONS})
    return Question.objects.create(pack=pack, asked_of=version, number=last + 1, topic=topic, severity=severity, text=words, asked_by=actor)


@transaction.atomic
def send_questions(*, pack_id: int, actor: Any, now: dt.datetime) -> list[Question]:
    """Send the whole list at once: the pack waits for its manager (transition 10), and the clock pauses. RuleBroken for an empty list.

    A credit system sends its own questions; those that people still gather stay on their list.
    """
    pack = steps.locked(pack_id, actor)
    permissions.can_ask(user=actor, pack=pack, review=selectors.review_of(pack)).require()
    found = selectors.drafts_of(pack)
    if actor.is_service:
        found = [question for question in found if question.asked_by_id == actor.pk]
    if not found:
        raise RuleBroken(_("No question is on the list."))
    for question in found:
        question.sent_at = now
        _ask(question, QuestionState.OPEN, QuestionAct.ASK, question.text, actor=actor, now=now)
    _pause(pack, actor=actor, now=now, numbers=[question.number for question in found])
    return found


def _ask(question: Question, state: QuestionState, act: QuestionAct, words: str, *, actor: Any, now: dt.datetime) -> None:
    days = int(selectors.figures(question.pack, now)["answer_days"])
    question.due_at = rules.in_days(selectors.calendar_of(question.pack, now), now, days)
    _say(question, act, words, actor=actor, now=now, state=state)


def _pause(pack: Pack, *, actor: Any, now: dt.datetime, numbers: list[int]) -> None:
    version = packs.sealed_of(pack)
    if pack.state in REVIEW:
        pack.came_from = pack.state
        pack.record(actor=actor, fields=["came_from"])
        steps.step(pack, Act.ASK, actor=actor, now=now, target=State.QUERY, version=version, questions=numbers)
    else:
        steps.step(pack, Act.ASK, actor=actor, now=now, version=version, questions=numbers)
    if not WorkItem.objects.open().filter(kind=ReviewWork.ANSWER, subject_type=steps.SUBJECT, subject_id=pack.pk).exists():
        first = pack.questions.filter(state__in=WAITING).order_by("due_at").values_list("due_at", flat=True).first()
        steps.ask(pack, ReviewWork.ANSWER, actor=actor, due_at=first, assignee=pack.owner)


def _say(
    question: Question,
    act: QuestionAct,
    words: str,
    *,
    actor: Any,
    now: dt.datetime,
    state: QuestionState,
    file: StoredFile | None = None,
) -> None:
    check_transition(QUESTION_TRANSITIONS, question.state, state)
    question.state = state
    question.save(update_fields=["state", "sent_at", "due_at"])
    post = actor.actor.post(*steps.WRITERS)
    Saying.objects.create(question=question, act=act, text=words, file=file, at=now, actor=actor, post=post)


def _locked(question_id: int, actor: Any) -> Question:
    """The question with its pack, whose lock is held. Question.DoesNotExist where hidden."""
    pack_id = Question.objects.visible_to(actor).values_list("pack_id", flat=True).get(pk=question_id)
    pack = steps.locked(pack_id, actor)
    question: Question = Question.objects.get(pk=question_id)
    question.pack = pack
    return question


@transaction.atomic
def answer(*, question_id: int, text: str, file_id: int | None = None, actor: Any, now: dt.datetime) -> Question:
    """Answer, with evidence if there is some; once none waits any more the review goes on by itself.

    NotAllowed for others than the manager, and for what does not wait; RuleBroken for an empty answer, or a file of somebody else.
    """
    question = _locked(question_id, actor)
    pack = question.pack
    permissions.can_answer(user=actor, pack=pack, question=question).require()
    words = rules.text(text, rules.ANSWER, "text", _("Write the answer."))
    file = StoredFile.objects.filter(pk=file_id, owner=actor).first() if file_id else None
    if file_id and file is None:
        raise refuse("evidence", _("Bring the file again."))
    _say(question, QuestionAct.ANSWER, words, actor=actor, now=now, state=QuestionState.ANSWERED, file=file)
    steps.step(pack, Act.ANSWER, actor=actor, now=now, version=packs.sealed_of(pack), question=question.number)
    if not pack.questions.filter(state__in=WAITING).exists():
        _go_on(pack, actor=actor, now=now)
    return question


@transaction.atomic
def resume(*, pack_id: int, actor: Any, now: dt.datetime) -> Pack:
    """Give the pack back once its blockers are answered (transition 11). NotAllowed for others; RuleBroken while one waits."""
    pack = steps.locked(pack_id, actor)
    permissions.can_resume(user=actor, pack=pack).require()
    waiting = selectors.blockers(pack, WAITING)
    if waiting:
        raise RuleBroken(_("Blockers that still wait for an answer: %(number)s.") % {"number": waiting})
    _go_on(pack, actor=actor, now=now)
    return pack


def _go_on(pack: Pack, *, actor: Any, now: dt.datetime) -> None:
    """Back to the state that the question came from; the clock runs."""
    if pack.state == State.QUERY:
        back = pack.came_from
        pack.came_from = ""
        pack.record(actor=actor, fields=["came_from"])
        steps.step(pack, Act.RESUME, actor=actor, now=now, target=back, version=packs.sealed_of(pack))
    if not pack.questions.filter(state__in=WAITING).exists():
        steps.close(pack, ReviewWork.ANSWER, ReviewWork.OVERDUE, actor=actor, now=now)
    review = selectors.review_of(pack)
    if review is not None:
        steps.close(pack, ReviewWork.READ, actor=actor, now=now)
        steps.ask(pack, ReviewWork.READ, actor=actor, due_at=None, assignee=review.analyst)


@transaction.atomic
def accept(*, question_id: int, actor: Any, now: dt.datetime) -> Question:
    """The answer will do. NotAllowed for others than the credit department, and for what is not answered."""
    question = _settling(question_id, QuestionAct.ACCEPT, actor)
    _say(question, QuestionAct.ACCEPT, "", actor=actor, now=now, state=QuestionState.ACCEPTED)
    if not question.pack.questions.filter(state=QuestionState.ANSWERED).exists():
        steps.close(question.pack, ReviewWork.READ, actor=actor, now=now)
    return question


@transaction.atomic
def reopen(*, question_id: int, text: str, actor: Any, now: dt.datetime) -> Question:
    """The answer will not do: it is asked again, and the pack waits anew. RuleBroken without a word."""
    question = _settling(question_id, QuestionAct.REOPEN, actor)
    words = rules.text(text, rules.QUESTION, "text", _("Say what is missing."))
    _ask(question, QuestionState.REOPENED, QuestionAct.REOPEN, words, actor=actor, now=now)
    _pause(question.pack, actor=actor, now=now, numbers=[question.number])
    return question


@transaction.atomic
def withdraw_question(*, question_id: int, text: str, actor: Any, now: dt.datetime) -> Question:
    """It need not be answered any more; the review goes on where it was the last. RuleBroken without a word."""
    question = _settling(question_id, QuestionAct.WITHDRAW, actor)
    words = rules.text(text, rules.QUESTION, "text", _("Say why."))
    _say(question, QuestionAct.WITHDRAW, words, actor=actor, now=now, state=QuestionState.WITHDRAWN)
    if question.sent_at is not None and not question.pack.questions.filter(state__in=WAITING).exists():
        _go_on(question.pack, actor=actor, now=now)
    return question


def _settling(question_id: int, act: QuestionAct, actor: Any) -> Question:
    question = _locked(question_id, actor)
    review = selectors.review_of(question.pack)
    permissions.can_settle(user=actor, question=question, review=review, act=act).require()
    return question
