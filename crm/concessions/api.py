"""Concessions through the API: the same services and visibility as the pages. No answer holds a level, a decider or a queue."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import Field

from crm.companies.models import Company
from crm.concessions import permissions, reporting, rules, services
from crm.concessions.choices import ClientReaction, DecideAct, ProbeVia, TellChannel
from crm.concessions.models import Concession
from crm.concessions.rules import Terms, Words
from crm.concessions.services import Decision, Order, Reply
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.web.api import identity, once, page
from crm.web.bodies import Body, Day, Moment, RecordId
from crm.web.months import Currency, Month, MonthName

router = Router(tags=["concessions"])

Figure = Annotated[Decimal, Field(max_digits=20)]
Text = Annotated[str, Field(max_length=2_000)]
Line = Annotated[str, Field(max_length=300)]
KindName = Literal["CT1", "CT2", "CT3", "CT4", "CT5", "CT6", "CT7", "CT8", "CT9", "CT10"]
_READ = (
    *("number", "kind", "state", "is_exercise", "currency", "terms", "granted", "forgone", "granted_forgone", "reason", "evidence"),
    *("expected_return", "promise", "promise_due_on", "promise_kept_at", "sunset_on", "asked_at", "question", "answer"),
    *("tell_not_before", "tell_by", "told_at", "channel", "reaction", "effective_on", "expires_on"),
)


class ConcessionFiguresIn(Body):
    """The figures of a type; which ones it needs is said by the type."""

    kind: KindName
    currency: Annotated[str, Field(max_length=3)] = ""
    amount: Figure | None = None
    bp: Figure | None = None
    days: Figure | None = None
    standard: Figure | None = None
    standard_bp: Figure | None = None
    cut_percent: Figure | None = None
    limit: Figure | None = None
    points: Figure | None = None
    minutes: Figure | None = None

    def terms(self) -> Terms:
        """As the service takes them. RuleBroken, by field, for a figure that is missing."""
        wanted = rules.FIELDS[self.kind]
        terms = Terms(self.kind, **{name: getattr(self, name) for name in wanted})
        return rules.checked(terms)


class ConcessionLookIn(ConcessionFiguresIn):
    """Whose decision would this be?"""

    company_id: RecordId


class ConcessionIn(ConcessionLookIn):
    """A request, or an exercise of own authority."""

    reason: Text
    sunset_on: Day
    evidence: Text = ""
    expected_return: Text = ""
    promise: Line = ""
    promise_due_on: Day | None = None
    facts_changed: Text = ""
    renews_id: RecordId | None = None

    def order(self) -> Order:
        """As the service takes it."""
        words = Words(**{name: getattr(self, name) for name in Words.__dataclass_fields__})
        return Order(self.terms(), words, self.currency.upper(), self.renews_id)


class ConcessionDecisionIn(Body):
    """What a decider says; of a grant in part, `granted` holds the figures that are less than was asked."""

    act: Literal["approve", "part", "refuse", "return", "pass_up"]
    reason: Text = ""
    granted: ConcessionFiguresIn | None = None


class ConcessionReplyIn(Body):
    """How the client was told and took it."""

    channel: Literal["meeting", "phone", "letter", "email"]
    reaction: Literal["pleased", "neutral", "asks_more", "declined"]
    told_at: Moment | None = None


def serialise(concession: Concession) -> dict[str, Any]:
    """A concession as lists and single reads give it."""
    return {
        **identity(concession),
        "company_id": concession.company_id,
        "asked_by": concession.owner.username,
        **{name: getattr(concession, name) for name in _READ},
    }


def _visible(request: HttpRequest) -> Any:
    if permissions.reads_revenue_only(request.user):
        raise NotAllowed(_("Finance reads what is forgone in the register."))
    permissions.can_read_concessions(user=request.user).require()
    return Concession.objects.visible_to(request.user).select_related("company", "owner", "centre")


@router.get("")
def concessions(
    request: HttpRequest, company_id: RecordId | None = None, state: str = "", limit: int = 50, cursor: str = ""
) -> dict[str, Any]:
    """Concessions that the token's user may see, newest first."""
    rows = _visible(request)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if state:
        rows = rows.filter(state=state)
    return page(rows, request, serialise, ordering=("-asked_at",))


@router.get("{int:concession_id}")
def concession(request: HttpRequest, concession_id: int) -> dict[str, Any]:
    """One concession."""
    return serialise(get_object_or_404(_visible(request), pk=concession_id))


@router.post("level")
def level(request: HttpRequest, body: ConcessionLookIn) -> dict[str, Any]:
    """Whether it would be one's own to settle. The look is kept; too many are put off (422, `try_later`)."""
    yours = services.look_at_level(
        actor=request.user,
        now=timezone.now(),
        company_id=body.company_id,
        terms=body.terms(),
        currency=body.currency.upper(),
        via=ProbeVia.API,
    )
    return {"yours": yours, "goes_to": None if yours else "next level"}


@router.post("", response={201: dict})
@once("concessions.request")
def request_concession(request: HttpRequest, body: ConcessionIn) -> tuple[int, dict[str, Any]]:
    """Ask for a concession."""
    made = services.request_concession(actor=request.user, now=timezone.now(), company_id=body.company_id, order=body.order())
    return 201, serialise(made)


@once("concessions.exercise")
def _exercise(request: HttpRequest, body: ConcessionIn) -> tuple[int, dict[str, Any]]:
    made = services.exercise_concession(actor=request.user, now=timezone.now(), company_id=body.company_id, order=body.order())
    return 201, serialise(made)


@router.post("exercise", response={201: dict})
def exercise(request: HttpRequest, body: ConcessionIn) -> Any:
    """Use one's own authority; 422 `goes_up` where it is not one's own to settle, in the same words whatever the level above."""
    try:
        return _exercise(request, body)
    except RuleBroken as error:
        if error.code in ("goes_up", "try_later", "limit_exceeded"):
            services.note_look(
                actor=request.user,
                now=timezone.now(),
                terms=body.terms(),
                via=ProbeVia.EXERCISE,
                company=Company.objects.visible_to(request.user).filter(pk=body.company_id).first(),
                slowed=error.code == services.TryLater.code,
            )
        raise


@router.post("{int:concession_id}/decide")
@once("concessions.decide")
def decide(request: HttpRequest, concession_id: int, body: ConcessionDecisionIn) -> tuple[int, dict[str, Any]]:
    """Decide a request, or hand it on."""
    terms = None
    if body.granted is not None:
        asked = get_object_or_404(_visible(request), pk=concession_id).asked_terms
        given = {name: getattr(body.granted, name) for name in rules.FIELDS[asked.kind]}
        terms = Terms(asked.kind, **{name: getattr(asked, name) if value is None else value for name, value in given.items()})
    decision = Decision(DecideAct(body.act), body.reason, terms)
    return 200, serialise(services.decide(concession_id=concession_id, actor=request.user, now=timezone.now(), decision=decision))


@router.post("{int:granted_id}/tell")
@once("concessions.tell")
def tell(request: HttpRequest, granted_id: int, body: ConcessionReplyIn) -> tuple[int, dict[str, Any]]:
    """Note that the client was told."""
    reply = Reply(TellChannel(body.channel), ClientReaction(body.reaction), body.told_at)
    return 200, serialise(services.tell(concession_id=granted_id, actor=request.user, now=timezone.now(), reply=reply))


class ConcessionAnswerIn(Body):
    """The answer to a decider's question."""

    answer: Text


class ConcessionReasonIn(Body):
    """Why."""

    reason: Text


class ConcessionStartIn(Body):
    """From when on it is in force; today where it is left out."""

    effective_on: Day | None = None


class ConcessionKeptIn(Body):
    """How the promise was kept."""

    words: Line = ""


@router.post("{int:returned_id}/answer")
@once("concessions.answer")
def answer(request: HttpRequest, returned_id: int, body: ConcessionAnswerIn) -> tuple[int, dict[str, Any]]:
    """Answer what a decider asked."""
    who: dict[str, Any] = {"concession_id": returned_id, "actor": request.user, "now": timezone.now()}
    return 200, serialise(services.answer_question(**who, answer=body.answer))


@router.post("{int:concession_id}/withdraw")
@once("concessions.withdraw")
def withdraw(request: HttpRequest, concession_id: int, body: ConcessionReasonIn) -> tuple[int, dict[str, Any]]:
    """Take a request back before it is decided."""
    who: dict[str, Any] = {"concession_id": concession_id, "actor": request.user, "now": timezone.now()}
    return 200, serialise(services.withdraw(**who, reason=body.reason))


@router.post("{int:granted_id}/apply")
@once("concessions.apply")
def apply(request: HttpRequest, granted_id: int, body: ConcessionStartIn) -> tuple[int, dict[str, Any]]:
    """Put a granted concession in force."""
    who: dict[str, Any] = {"concession_id": granted_id, "actor": request.user, "now": timezone.now()}
    return 200, serialise(services.apply(**who, effective_on=body.effective_on))


@router.post("{int:granted_id}/promise_kept")
@once("concessions.promise_kept")
def promise_kept(request: HttpRequest, granted_id: int, body: ConcessionKeptIn) -> tuple[int, dict[str, Any]]:
    """The client kept what was promised in return."""
    who: dict[str, Any] = {"concession_id": granted_id, "actor": request.user, "now": timezone.now()}
    return 200, serialise(services.keep_promise(**who, words=body.words))


@router.post("{int:granted_id}/revoke")
@once("concessions.revoke")
def revoke(request: HttpRequest, granted_id: int, body: ConcessionReasonIn) -> tuple[int, dict[str, Any]]:
    """Take a standing concession back, from now on."""
    who: dict[str, Any] = {"concession_id": granted_id, "actor": request.user, "now": timezone.now()}
    return 200, serialise(services.revoke(**who, reason=body.reason))


@router.get("register")
def register(request: HttpRequest, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """What is forgone, for head office, compliance, audit and finance: neither who decided nor at which level, nor what was said."""
    permissions.can_read_register(user=request.user).require()
    rows = Concession.objects.visible_to(request.user).select_related("company", "owner", "centre")
    return page(rows, request, _registered, ordering=("-asked_at",))


def _registered(concession: Concession) -> dict[str, Any]:
    names = (
        "number",
        "kind",
        "state",
        "is_exercise",
        "currency",
        "amount",
        "forgone",
        "granted_forgone",
        "asked_at",
        "told_at",
        "sunset_on",
    )
    return {
        **identity(concession),
        "company_id": concession.company_id,
        "asked_by": concession.owner.username,
        "forgone_currency": concession.centre_currency,
        **{name: getattr(concession, name) for name in names},
    }


@router.get("report")
def report(request: HttpRequest, month: MonthName = "", currency: Currency = "HKD") -> dict[str, Any]:
    """A month ("2026-03"; this one where none is named): the in-centre rate, what was granted in one currency, what stands out."""
    permissions.can_read_figures(user=request.user).require()
    named, rows = Month.named(month), Concession.objects.visible_to(request.user)
    span: dict[str, Any] = {"since": named.since, "until": named.later.since}
    rate = reporting.in_centre_rate(rows, **span)
    found = reporting.monthly(rows.filter(centre__currency=currency), **span)
    parts = {"by_type": found.by_kind, "by_officer": found.by_officer, "by_client_group": found.by_client}
    return {
        "month": str(named),
        "currency": currency,
        "decided": rate.decided,
        "decided_in_centre": rate.in_centre,
        "in_centre_percent": rate.rate,
        "target_percent": rate.target,
        **{part: [{"of": str(one.label), "granted": one.count, "forgone": one.forgone} for one in lines] for part, lines in parts.items()},
        "stands_out": [{"id": one.concession.pk, "number": one.concession.number, "why": str(one.why)} for one in found.outliers],
    }
