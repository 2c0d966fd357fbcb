"""Questions: the thread as a page, the list, answers with evidence, what becomes of them."""

import datetime as dt
from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credit.checklists.services import receive_file
from credit.packs.models import Pack
from credit.packs.views.pages import RELATED
from credit.reviews import permissions, selectors, services
from credit.reviews.choices import QuestionAct, QuestionState, Severity
from credit.reviews.forms import AnswerForm, QuestionForm, WordsForm
from credit.reviews.models import Question, Review, Saying
from credit.reviews.views.reviewing import AboutReview
from crm.kernel.addresses import url_of
from crm.kernel.errors import RuleBroken
from crm.kernel.permission import ALLOWED, Permission
from crm.web.forms import NoFields
from crm.web.views import Action, Crumb, DetailView, FileDownload, OperationView

STATE_TONES = {
    QuestionState.DRAFT: "",
    QuestionState.OPEN: "amber",
    QuestionState.REOPENED: "amber",
    QuestionState.ANSWERED: "indigo",
    QuestionState.ACCEPTED: "jade",
    QuestionState.WITHDRAWN: "",
}
SEVERITY_TONES = {Severity.BLOCKER: "seal", Severity.MATERIAL: "amber", Severity.INFO: ""}
OF_QUESTION = ("pack", *(f"pack__{name}" for name in RELATED))


class Questions(DetailView):
    """`/credit/packs/<id>/questions/`: every question with its thread."""

    model = Pack
    select_related = RELATED
    template_name = "reviews/questions.html"
    title = _("Questions")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the pack."""
        return ALLOWED

    def crumbs(self) -> list[Crumb]:
        """By way of the pack."""
        return [Crumb(_("Credit packs"), url_of("packs:pack_list")), Crumb(self.object.number, self.object.get_absolute_url())]

    @cached_property
    def review(self) -> Review | None:
        """Who has it."""
        return selectors.review_of(self.object)

    @cached_property
    def questions(self) -> list[Question]:
        """With their threads."""
        return selectors.questions_of(self.object, user=self.request.user)

    def actions(self) -> list[Action]:
        """Ask, send, give back."""
        user, pack = self.request.user, self.object
        found = []
        if permissions.is_credit(user):
            may = permissions.can_ask(user=user, pack=pack, review=self.review)
            waiting = any(row.state == QuestionState.DRAFT for row in self.questions)
            send = url_of("reviews:send_questions", pack.pk)
            if waiting:
                found.append(Action(_("Send the list"), send, "mail", primary=True, dialog=True, refusal=may.reason))
            ask = url_of("reviews:draft_question", pack.pk)
            found.append(Action(_("Add a question"), ask, "plus", primary=not waiting, dialog=True, refusal=may.reason))
        elif permissions.can_resume(user=user, pack=pack):
            found.append(Action(_("Give it back to the review"), url_of("reviews:resume", pack.pk), "check", dialog=True))
        return found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the questions, each with what this reader may do with it."""
        rows = [
            {
                "question": row,
                "tone": STATE_TONES[QuestionState(row.state)],
                "severity_tone": SEVERITY_TONES[Severity(row.severity)],
                "acts": self._acts(row),
            }
            for row in self.questions
        ]
        return super().get_context_data(rows=rows, **context)

    def _acts(self, row: Question) -> list[tuple[Any, str]]:
        user = self.request.user
        row.pack = self.object
        if permissions.can_answer(user=user, pack=self.object, question=row):
            return [(_("Answer"), url_of("reviews:answer", row.pk))]
        named = (("accept", _("Accept")), ("reopen", _("Ask again")), ("withdraw", _("Withdraw")))
        urls = {"accept": "reviews:accept", "reopen": "reviews:reopen", "withdraw": "reviews:withdraw_question"}
        return [
            (label, url_of(urls[act], row.pk))
            for act, label in named
            if permissions.can_settle(user=user, question=row, review=self.review, act=act)
        ]


class AboutQuestions(AboutReview):
    """A step that leads back to the questions."""

    def get_success_url(self, result: Any) -> str:
        """The questions of the pack."""
        return url_of("reviews:questions", self.object.pk)


class QuestionDraft(AboutQuestions):
    """One more on the list."""

    form_class = QuestionForm
    title = _("Add a question")
    submit_label = _("Add it")
    success_message = _("On the list. Send the whole list at once.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_ask(user=request.user, pack=self.object, review=self.review)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Add it."""
        return services.draft_question(pack_id=self.object.pk, actor=self.request.user, now=now, **data)


class QuestionsSend(AboutQuestions):
    """The whole list at once."""

    form_class = NoFields
    title = _("Send the list of questions?")
    submit_label = _("Send the list")
    success_message = _("Sent. The clock pauses until the answers are here.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_ask(user=request.user, pack=self.object, review=self.review)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Send it."""
        return services.send_questions(pack_id=self.object.pk, actor=self.request.user, now=now)


class Resume(AboutQuestions):
    """The blockers are answered."""

    form_class = NoFields
    title = _("Give it back to the review?")
    submit_label = _("Give it back")
    success_message = _("The review goes on.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_resume(user=request.user, pack=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Give it back."""
        return services.resume(pack_id=self.object.pk, actor=self.request.user, now=now)


class AboutQuestion(OperationView):
    """A step of one question, which leads back to all of them."""

    model = Question
    select_related = OF_QUESTION
    template_name = "reviews/question_form.html"
    act: ClassVar[str] = ""

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        review = selectors.review_of(self.object.pack)
        return permissions.can_settle(user=request.user, question=self.object, review=review, act=type(self).act)

    def get_success_url(self, result: Any) -> str:
        """The questions of the pack."""
        return url_of("reviews:questions", self.object.pack_id)


class QuestionAnswer(AboutQuestion):
    """Answer, with evidence."""

    form_class = AnswerForm
    title = _("Answer this question")
    submit_label = _("Answer")
    success_message = _("Answered.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_answer(user=request.user, pack=self.object.pack, question=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of which pack."""
        return {"pack": self.object.pack}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep the evidence, then answer."""
        upload = data["evidence"]
        try:
            file = receive_file(upload, pack=self.object.pack, actor=self.request.user, now=now) if upload else None
        except RuleBroken as error:
            raise RuleBroken(error.message, code=error.code, fields={"evidence": error.message}) from error
        return services.answer(
            question_id=self.object.pk, text=data["text"], file_id=file.pk if file else None, actor=self.request.user, now=now
        )


class QuestionAccept(AboutQuestion):
    """It will do."""

    form_class = NoFields
    act = QuestionAct.ACCEPT
    title = _("Accept this answer?")
    submit_label = _("Accept")
    success_message = _("Accepted.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Accept it."""
        return services.accept(question_id=self.object.pk, actor=self.request.user, now=now)


class QuestionReopen(AboutQuestion):
    """It will not do."""

    form_class = WordsForm
    act = QuestionAct.REOPEN
    title = _("Ask again")
    success_message = _("Asked again. The clock pauses.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Ask again."""
        return services.reopen(question_id=self.object.pk, actor=self.request.user, now=now, **data)


class QuestionWithdraw(AboutQuestion):
    """It need not be answered."""

    form_class = WordsForm
    act = QuestionAct.WITHDRAW
    tone = "bad"
    title = _("Withdraw this question")
    success_message = _("Withdrawn.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Withdraw it."""
        return services.withdraw_question(question_id=self.object.pk, actor=self.request.user, now=now, **data)


class EvidenceDownload(FileDownload):
    """Evidence of an answer, for whoever sees the question."""

    model = Saying
