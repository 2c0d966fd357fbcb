"""Packs with the credit department for the world that access is asked of: one at each point that an address speaks of, all `rm`'s."""

import datetime as dt
from typing import Any

from credit.decisions import services as decisions
from credit.decisions.choices import LETTER_CONTEXT
from credit.packs.choices import Act, State
from credit.packs.models import Pack, PackEvent
from credit.reviews import services as reviews
from crm.papers import services as letters
from tests.cast import Bank, fresh
from tests.credit import deciding, filing, making, reviewing
from tests.papers import making as templates

SMALL = "100000"


class Desk:
    """Makes them, at one moment, for one company."""

    def __init__(self, bank: Bank, now: dt.datetime, company: Any, by: str) -> None:
        self.bank, self.now, self.company, self.by = bank, now, company, by

    def handed(self, **values: Any) -> Pack:
        """Endorsed by the head and handed off; small, so that all of them together stay with the first approver."""
        pack = making.pack(self.bank, self.company, by=self.by, now=self.now, **values)
        making.facility(self.bank, pack, amount=SMALL, by=self.by, now=self.now)
        version = making.sealed(pack, now=self.now)
        post = self.bank.post("head")
        told = {"act": Act.ENDORSE, "source": State.ENDORSE, "target": State.HANDED_OFF}
        PackEvent.objects.create(pack=pack, version=version, actor=self.bank.head, post=post, at=self.now, **told)
        return pack

    def in_review(self, **values: Any) -> Pack:
        """With the analyst."""
        pack = self.handed(**values)
        self.by_analyst(reviews.assign, pack, analyst_id=self.bank.analyst.pk)
        return pack

    def rated(self, rating: str = "R2") -> Pack:
        """With its risk class."""
        pack = self.in_review()
        reviewing.rated(self.bank, pack, rating, now=self.now)
        return pack

    def up(self, rating: str = "R2") -> Pack:
        """Up for decision."""
        pack = self.rated(rating)
        self.by_analyst(decisions.route, pack, is_connected=False, exception="")
        return pack

    def decided(self, word: str = "approve", **condition: Any) -> tuple[Pack, Any]:
        """Decided by the first approver, with a condition where one is named."""
        pack, found = self.up(), None
        if condition:
            found = self.by_analyst(decisions.propose_condition, pack, **condition)
        today = self.now.date()
        days = {"due_on": today + dt.timedelta(days=7), "reapply_on": today + dt.timedelta(days=90)}
        ruling = deciding.ruling(word, **{name: day for name, day in days.items() if word in ("defer", "decline")})
        decisions.decide(pack_id=pack.pk, ruling=ruling, actor=fresh(self.bank.co1), now=self.now)
        return pack, found

    def pending(self) -> tuple[Pack, Any]:
        """Accepted, with a condition open."""
        pack, condition = self.decided(kind="precedent", type="legal", text="Deed signed", is_essential=True)
        deciding.offered(self.bank, pack, now=self.now)
        decisions.accept(pack_id=pack.pk, signed_by="Chan Tai Man", actor=self.bank.people[self.by], now=self.now)
        return pack, condition

    def live(self) -> Pack:
        """Accepted without a condition, and live."""
        pack, _none = self.decided()
        deciding.offered(self.bank, pack, now=self.now)
        decisions.accept(pack_id=pack.pk, signed_by="Chan Tai Man", actor=self.bank.people[self.by], now=self.now)
        decisions.go_live(pack_id=pack.pk, actor=self.bank.cad2, now=self.now)
        return pack

    def by_analyst(self, service: Any, pack: Pack, **values: Any) -> Any:
        """Done by the analyst."""
        return service(pack_id=pack.pk, actor=fresh(self.bank.analyst), now=self.now, **values)


def build(bank: Bank, now: dt.datetime, *, by: str = "rm") -> dict[str, Any]:
    """One at each point, of a company of its own: what is up for decision makes hospitality and gifts to it sensitive."""
    company = making.company(bank, by, name="Kam Shan Weaving", name_zh="金山織造")
    desk = Desk(bank, now, company, by)
    values = templates.values(subject_en="Your facilities", body_en="We offer:\n{{ facilities }}", context=LETTER_CONTEXT)
    letters.keep_template(code="facility", values=values, actor=bank.editor, now=now)
    return {**_reviews(desk), **_decisions(desk)}


def _reviews(desk: Desk) -> dict[str, Any]:
    bank, now = desk.bank, desk.now
    in_review, asked, answered = desk.in_review(), desk.in_review(), desk.in_review()
    reviewing.ask(bank, in_review, "info", now=now, send=False)
    question, done = reviewing.ask(bank, asked, "info", now=now), reviewing.ask(bank, answered, now=now)
    file_id = filing.stored(bank, answered, by=desk.by)
    reviews.answer(question_id=done.pk, text="See there", file_id=file_id, actor=bank.people[desk.by], now=now)
    writing, facts = desk.in_review(authorship="B"), desk.in_review(authorship="B")
    for pack in (writing, facts):
        desk.by_analyst(reviews.start_memo, pack)
        desk.by_analyst(reviews.write_memo, pack, version=1, text="A trader")
    desk.by_analyst(reviews.send_facts, facts)
    return {
        "pack_in_review": in_review,
        "pack_asked": asked,
        "question": question,
        "question_answered": done,
        "answer_evidence": done.thread.get(act="answer"),
        "pack_by_credit": desk.in_review(authorship="B"),
        "pack_in_writing": writing,
        "pack_in_facts": facts,
        "pack_rated": desk.rated(),
    }


def _decisions(desk: Desk) -> dict[str, Any]:
    bank, now = desk.bank, desk.now
    up, in_vote = desk.up(), desk.up("R4")
    proposed = desk.by_analyst(decisions.propose_condition, up, kind="precedent", type="legal", text="Deed", is_essential=True)
    decisions.put_motion(pack_id=in_vote.pk, ruling=deciding.ruling(), actor=fresh(bank.chair), now=now)
    offered, _none = desk.decided()
    deciding.offered(bank, offered, now=now)
    lettered, _none = desk.decided()
    deciding.drawn(bank, lettered, now=now)
    live, suspended = desk.live(), desk.live()
    decisions.suspend(pack_id=suspended.pk, reason="A critical flag", actor=None, now=now)
    open_one, condition = desk.pending()
    _pack, shown = desk.pending()
    decisions.show_condition(condition_id=shown.pk, evidence="Deed of March", actor=bank.cad, now=now)
    return {
        "pack_up": up,
        "condition_proposed": proposed,
        "pack_at_committee": desk.up("R4"),
        "pack_in_vote": in_vote,
        "pack_deferred": desk.decided("defer")[0],
        "pack_declined": desk.decided("decline")[0],
        "pack_approved": desk.decided()[0],
        "pack_offered": offered,
        "pack_lettered": lettered,
        "facility_letter": offered.letters.get(),
        "pack_live": live,
        "pack_suspended": suspended,
        "pack_with_conditions": open_one,
        "condition_open": condition,
        "condition_shown": shown,
    }
