"""Severities and states of questions, ratings, defects, and the kinds of work that a review gives (domain 6.7, 6.8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Severity(models.TextChoices):
    """How much hangs on a question; a blocker stops the decision."""

    INFO = "info", pgettext_lazy("question", "Information")
    MATERIAL = "material", pgettext_lazy("question", "Material")
    BLOCKER = "blocker", pgettext_lazy("question", "Blocker")


class QuestionState(models.TextChoices):
    """Where a question stands. A draft is the credit department's alone until the whole list is sent."""

    DRAFT = "draft", pgettext_lazy("question", "Not sent yet")
    OPEN = "open", pgettext_lazy("question", "Open")
    ANSWERED = "answered", pgettext_lazy("question", "Answered")
    ACCEPTED = "accepted", pgettext_lazy("question", "Accepted")
    REOPENED = "reopened", pgettext_lazy("question", "Asked again")
    WITHDRAWN = "withdrawn", pgettext_lazy("question", "Withdrawn")


QUESTION_TRANSITIONS: dict[str, set[str]] = {
    QuestionState.DRAFT: {QuestionState.OPEN, QuestionState.WITHDRAWN},
    QuestionState.OPEN: {QuestionState.ANSWERED, QuestionState.WITHDRAWN},
    QuestionState.ANSWERED: {QuestionState.ACCEPTED, QuestionState.REOPENED, QuestionState.WITHDRAWN},
    QuestionState.REOPENED: {QuestionState.ANSWERED, QuestionState.WITHDRAWN},
    QuestionState.ACCEPTED: set(),
    QuestionState.WITHDRAWN: set(),
}
WAITING = (QuestionState.OPEN, QuestionState.REOPENED)
"""With the relationship manager."""
UNSETTLED = (*WAITING, QuestionState.ANSWERED)
"""Neither accepted nor withdrawn: a blocker among them stops the decision."""


class QuestionAct(models.TextChoices):
    """What was said, for the thread."""

    ASK = "ask", pgettext_lazy("question", "Asked")
    ANSWER = "answer", pgettext_lazy("question", "Answered")
    ACCEPT = "accept", pgettext_lazy("question", "Accepted")
    REOPEN = "reopen", pgettext_lazy("question", "Asked again")
    WITHDRAW = "withdraw", pgettext_lazy("question", "Withdrawn")


class Rating(models.TextChoices):
    """The internal risk class (domain 7.1)."""

    R1 = "R1", "R1"
    R2 = "R2", "R2"
    R3 = "R3", "R3"
    R4 = "R4", "R4"
    R5 = "R5", "R5"


class Topic(models.TextChoices):
    """The part of the application that a question is pinned to (domain 6.5, gathered)."""

    REQUEST = "request", _("Request and purpose")
    BORROWER = "borrower", _("Borrower, owners and management")
    GROUP = "group", _("Group and guarantors")
    BUSINESS = "business", _("Business and market")
    ACCOUNTS = "accounts", _("Accounts and ratios")
    CASH = "cash", _("Cash flow and repayment")
    SECURITY = "security", _("Security")
    ADVERSE = "adverse", _("Adverse facts")
    KYC = "kyc", _("Identity and checks")
    PAPERS = "papers", _("Papers")


class Party(models.TextChoices):
    """Whose clock runs."""

    CREDIT = "credit", _("Credit department")
    MANAGER = "manager", _("Relationship manager")


class ReviewWork(models.TextChoices):
    """What somebody has to do about a review."""

    ANSWER = "credit_questions", _("Credit asks")
    FACTS = "credit_facts", _("Check the facts of a memo")
    RETURNED = "credit_returned", _("Credit returned a pack")
    OVERDUE = "credit_overdue", _("Answers to credit are overdue")
    READ = "credit_answers", _("Answers from the relationship manager")
    REVIEW = "credit_review", _("Review a pack")
    DECIDE = "credit_decision", _("Credit pack up for decision")
    DECIDED = "credit_decided", _("Credit decided on a pack")
