"""Everything that somebody may try with a pack, by name: each takes a desk, a pack, a person and a number that chooses how."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from credit.decisions import services as decisions
from credit.decisions import terms
from credit.decisions.models import Condition
from credit.decisions.rules import Ruling
from credit.decisions.services import letters
from credit.handoff import services as handoff
from credit.memos import services as memos
from credit.packs import selectors as packs
from credit.packs import services as pack_services
from credit.packs.models import Pack
from credit.reviews import services as reviews
from crm.kernel.errors import RuleBroken
from crm.papers.models import LetterTemplate
from crm.papers.services import Paper
from tests.cast import Bank
from tests.credit.handoff import making

Act = Callable[["Desk", Pack, Any, int], Any]
RATINGS = ("R2", "R3", "R4")


class Desk:
    """The bank and its moment."""

    def __init__(self, bank: Bank, now: dt.datetime) -> None:
        self.bank, self.now = bank, now

    def told(self, pack: Pack, who: Any) -> dict[str, Any]:
        return {"pack_id": pack.pk, "actor": who, "now": self.now}


def _plain(service: Any, **values: Any) -> Act:
    return lambda desk, pack, who, _number: service(**desk.told(pack, who), **values)


def _submit(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    """With every paper there, or as it stands."""
    draft = packs.draft_of(pack)
    if draft is not None and number % 4:
        making.papers_ready(desk.bank, pack)
        memos.attest(pack_id=pack.pk, none_known=False, actor=who, now=desk.now)
    return handoff.submit_for_endorsement(**desk.told(pack, who))


def _start_writing(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    if number % 4 and packs.draft_of(pack) is not None:
        making.papers_ready(desk.bank, pack)
    return pack_services.start_writing(**desk.told(pack, who))


def _head(act: str) -> Act:
    return lambda desk, pack, who, _number: handoff.decide(**desk.told(pack, who), act=act, view="I saw it")


def _assign(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    name = ("analyst", "analyst", "analyst2", "rm")[number % 4]
    return reviews.assign(**desk.told(pack, who), analyst_id=desk.bank.people[name].pk)


def _rate(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    return reviews.rate(**desk.told(pack, who), rating=RATINGS[number % 7 // 3], reason="Steady margins")


def _write_memo(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    memo = pack.memos.last()
    return reviews.write_memo(**desk.told(pack, who), version=memo.version if memo else None, text="A trader")


def _ask(severity: str) -> Act:
    def ask(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
        reviews.draft_question(**desk.told(pack, who), topic="cash", severity=severity, text="Why?")
        return reviews.send_questions(**desk.told(pack, who))

    return ask


def _of_question(service: Any, *states: str, **values: Any) -> Act:
    def settle(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
        found = pack.questions.filter(state__in=states).order_by("number").first()
        if found is None:
            raise RuleBroken("None is there.")
        return service(question_id=found.pk, actor=who, now=desk.now, **values)

    return settle


def _route(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    return decisions.route(**desk.told(pack, who), is_connected=number % 7 == 6, exception="")


def _ruling(desk: Desk, word: str) -> Ruling:
    today = desk.now.date()
    days = {"decline": {"reason": "Leverage", "reapply_on": today + dt.timedelta(days=90)}}
    days["defer"] = {"items": "Accounts", "due_on": today + dt.timedelta(days=20)}
    return Ruling(word=word, judgement="My own view", **days.get(word, {}))


def _decide(word: str) -> Act:
    return lambda desk, pack, who, _number: decisions.decide(**desk.told(pack, who), ruling=_ruling(desk, word))


def _motion(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    return decisions.put_motion(**desk.told(pack, who), ruling=_ruling(desk, ("approve", "approve", "decline", "defer")[number % 4]))


def _vote(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    return decisions.vote(**desk.told(pack, who), choice="against" if number % 5 == 4 else "for", judgement="As the chair says")


def _sitting(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    """The chair's motion, the votes of some members, and its close, one after the other."""
    _motion(desk, pack, who, number)
    seats = ("chair", "member0", "member1", "member2", "member3")[: 5 if number % 3 else 4]
    for place, name in enumerate(seats):
        _vote(desk, pack, desk.bank.people[name], number + place)
    return decisions.close_motion(**desk.told(pack, who))


def _propose(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    kind = "subsequent" if number % 3 == 0 else "precedent"
    due_on = desk.now.date() + dt.timedelta(days=40) if kind == "subsequent" else None
    told: dict[str, Any] = {"kind": kind, "type": "legal", "text": "Deed signed", "is_essential": kind == "precedent", "due_on": due_on}
    return decisions.propose_condition(**desk.told(pack, who), **told)


def _of_condition(service: Any, *states: str, **values: Any) -> Act:
    def settle(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
        found: Condition | None = pack.conditions.filter(state__in=states).order_by("number").first()
        if found is None:
            raise RuleBroken("None is there.")
        return service(condition_id=found.pk, actor=who, now=desk.now, **values)

    return settle


def _draw(desk: Desk, pack: Pack, who: Any, number: int) -> Any:
    """As the form does, but for the typesetting: that is the letters' own test."""
    decision = letters.require_valid(pack, desk.now)
    paper, template = Paper("Your facilities", "We offer"), LetterTemplate(code="facility")
    draft = letters.Draft(decision, template, "en", terms.terms_of(decision), paper, f"letter of {pack.number}".encode())
    return letters.keep_letter(draft=draft, actor=who, now=desk.now)


ACTS: dict[str, Act] = {
    "start_docs": _plain(pack_services.start_docs),
    "start_writing": _start_writing,
    "submit": _submit,
    "withdraw": _plain(pack_services.withdraw, reason="Sold"),
    "open_version": _plain(pack_services.open_version, reason="A newer valuation"),
    "drop_version": _plain(pack_services.drop_version, reason="Not needed"),
    "endorse": _head("endorse"),
    "send_back": _head("send_back"),
    "pass_up_endorsement": _head("pass_up"),
    "assign": _assign,
    "rate": _rate,
    "ask_blocker": _ask("blocker"),
    "ask_info": _ask("info"),
    "answer": _of_question(reviews.answer, "open", "reopened", text="As asked"),
    "accept_answer": _of_question(reviews.accept, "answered"),
    "reopen": _of_question(reviews.reopen, "answered", text="More"),
    "withdraw_question": _of_question(reviews.withdraw_question, "open", "answered", "reopened", text="Settled"),
    "resume": _plain(reviews.resume),
    "return_pack": _plain(reviews.return_pack, defects="Accounts do not tie"),
    "start_memo": _plain(reviews.start_memo),
    "write_memo": _write_memo,
    "send_facts": _plain(reviews.send_facts),
    "check_facts": _plain(reviews.check_facts, note="All right"),
    "route": _route,
    "propose": _propose,
    "approve": _decide("approve"),
    "decline": _decide("decline"),
    "defer": _decide("defer"),
    "pass_up": _plain(decisions.pass_up, reason="Above me"),
    "motion": _motion,
    "vote": _vote,
    "close_motion": _plain(decisions.close_motion),
    "sitting": _sitting,
    "answer_deferral": _plain(decisions.answer_deferral, note="All answered"),
    "appeal": _plain(decisions.appeal, facts="A new order"),
    "draw": _draw,
    "offer": _plain(decisions.offer),
    "accept": _plain(decisions.accept, signed_by="Chan Tai Man"),
    "show": _of_condition(decisions.show_condition, "open", evidence="Deed of March"),
    "check": _of_condition(decisions.check_condition, "shown", is_met=True),
    "check_not": _of_condition(decisions.check_condition, "shown", is_met=False),
    "waive": _of_condition(decisions.waive_condition, "open", "shown", reason="Covered"),
    "go_live": _plain(decisions.go_live),
    "suspend": _plain(decisions.suspend, reason="Invoices twice financed"),
    "restore": _plain(decisions.restore, reason="Settled"),
    "cancel": _plain(decisions.cancel, reason="Client’s letter"),
}

_CO = ("co1", "co2", "approver", "both", "chair")
ONWARD: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "draft": (("start_docs", ("rm",)),),
    "docs": (("start_writing", ("rm",)), ("submit", ("rm",))),
    "writing_a": (("submit", ("rm",)),),
    "endorse": (("endorse", ("both", "centre")), ("endorse", ("both",)), ("send_back", ("both",))),
    "handed_off": (("assign", ("analyst", "co1")), ("open_version", ("rm",)), ("submit", ("rm",))),
    "in_review": (
        ("rate", ("analyst",)), ("start_memo", ("analyst",)), ("ask_blocker", ("analyst",)), ("accept_answer", ("analyst",)),
        ("route", ("analyst",)), ("route", ("analyst",)), ("return_pack", ("analyst",)),
    ),
    "writing_b": (("write_memo", ("analyst",)), ("send_facts", ("analyst",)), ("ask_info", ("analyst",))),
    "fact_check": (("check_facts", ("rm",)), ("rate", ("analyst",)), ("route", ("analyst",)), ("ask_blocker", ("co1",))),
    "query": (
        ("answer", ("rm",)), ("answer", ("rm",)), ("withdraw_question", ("analyst",)), ("resume", ("rm",)), ("return_pack", ("co1",)),
    ),
    "returned": (("open_version", ("rm",)), ("submit", ("rm",))),
    "for_decision": (
        ("approve", _CO), ("approve", _CO), ("decline", _CO), ("defer", _CO), ("sitting", ("chair",)), ("propose", ("analyst",)),
        ("ask_blocker", ("co2",)), ("open_version", ("rm",)), ("submit", ("rm",)),
    ),
    "approved": (("draw", ("cad", "cad2")), ("offer", ("cad", "cad2"))),
    "appr_cond": (("draw", ("cad", "cad2")), ("offer", ("cad", "cad2"))),
    "offered": (("accept", ("rm",)),),
    "cp_pending": (("show", ("cad",)), ("check", ("cad", "cad2")), ("waive", _CO), ("go_live", ("cad", "cad2"))),
    "declined": (("appeal", ("rm",)), ("appeal", ("rm",))),
    "deferred": (("answer_deferral", ("analyst",)),),
    "available": (("suspend", _CO), ("cancel", ("rm",)), ("show", ("cad",)), ("check", ("cad2",))),
    "review_due": (("restore", _CO), ("suspend", _CO), ("cancel", ("rm",))),
    "suspended": (("restore", _CO), ("restore", _CO), ("cancel", ("rm",))),
}  # fmt: skip
"""What usually comes next, and by whom: so that a walk gets far. `both` heads the team and approves credit."""
