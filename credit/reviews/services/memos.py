"""The analyst's memo under model B: begun, written, checked for facts by the relationship manager, frozen (transitions 8, 9, 13)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from credit.packs import selectors as packs
from credit.packs.choices import Act, State
from credit.packs.models import Pack
from credit.packs.services import steps
from credit.reviews import permissions, rules, selectors
from credit.reviews.choices import ReviewWork
from credit.reviews.models import Memo
from crm.kernel.errors import RuleBroken, StaleVersion


@transaction.atomic
def start_memo(*, pack_id: int, actor: Any, now: dt.datetime) -> Memo:
    """Begin the memo (transition 8); after an earlier one with its words. NotAllowed for others, and under model A."""
    pack = steps.locked(pack_id, actor)
    permissions.can_start_memo(user=actor, pack=pack, review=selectors.review_of(pack)).require()
    before = selectors.memo_of(pack)
    number = (pack.memos.aggregate(last=Max("number"))["last"] or 0) + 1
    memo = Memo(pack=pack, number=number, written_by=actor, text=before.text if before else "")
    memo.record(actor=actor, reason=Act.START_MEMO)
    steps.step(pack, Act.START_MEMO, actor=actor, now=now, target=State.WRITING_B, version=packs.sealed_of(pack))
    return memo


@transaction.atomic
def write_memo(*, pack_id: int, text: str, version: int | None, actor: Any, now: dt.datetime) -> Memo:
    """Save the memo as it stands. NotAllowed for others; RuleBroken for an empty or too long one; StaleVersion, with the text that stands,
    where it was saved since `version`, as by the analyst before.
    """  # fmt: skip
    pack = steps.locked(pack_id, actor)
    permissions.can_write(user=actor, pack=pack, review=selectors.review_of(pack)).require()
    memo = _memo(pack)
    if version != memo.version:
        raise StaleVersion(
            _("Somebody else saved this meanwhile. Compare both versions; nothing that you typed is lost."), current={"text": memo.text}
        )
    memo.text = rules.text(text, rules.MEMO, "text", _("Write the memo."))
    memo.written_by = actor
    memo.record(actor=actor, fields=["text", "written_by"])
    return memo


def _memo(pack: Pack) -> Memo:
    memo = selectors.memo_of(pack)
    if memo is None:
        raise RuleBroken(_("No memo is being written."))
    return memo


@transaction.atomic
def send_facts(*, pack_id: int, actor: Any, now: dt.datetime) -> Memo:
    """Send the memo to the manager, who checks the facts alone (transition 9). RuleBroken for an empty memo."""
    pack = steps.locked(pack_id, actor)
    permissions.can_write(user=actor, pack=pack, review=selectors.review_of(pack)).require()
    memo = _memo(pack)
    if not memo.text:
        raise RuleBroken(_("Write the memo."))
    memo.sent_at = now
    memo.facts_due_at = rules.in_days(selectors.calendar_of(pack, now), now, int(selectors.figures(pack, now)["facts_days"]))
    memo.record(actor=actor, fields=["sent_at", "facts_due_at"])
    steps.step(pack, Act.SEND_FACTS, actor=actor, now=now, target=State.FACT_CHECK, version=packs.sealed_of(pack))
    steps.ask(pack, ReviewWork.FACTS, actor=actor, due_at=memo.facts_due_at, assignee=pack.owner)
    return memo


@transaction.atomic
def check_facts(*, pack_id: int, note: str, actor: Any, now: dt.datetime) -> Memo:
    """The manager's word on the facts; opinions are the analyst's own. NotAllowed for others; RuleBroken without a word."""
    pack = steps.locked(pack_id, actor)
    memo = selectors.memo_of(pack)
    permissions.can_check_facts(user=actor, pack=pack, memo=memo).require()
    if memo is None:
        raise RuleBroken(_("No memo waits for its fact check."))
    words = rules.text(note, rules.ANSWER, "note", _("Say which facts are wrong, or that they are right."))
    note_facts(pack, memo, words, actor=actor, now=now)
    return memo


def note_facts(pack: Pack, memo: Memo, words: str, *, actor: Any, now: dt.datetime) -> None:
    """The facts are checked, by the manager or (actor None) by silence. The caller holds the pack's lock."""
    memo.facts_note, memo.facts_checked_at, memo.facts_checked_by, memo.by_silence = words, now, actor, actor is None
    memo.record(actor=actor, reason=Act.CHECK_FACTS, fields=["facts_note", "facts_checked_at", "facts_checked_by", "by_silence"])
    steps.step(pack, Act.CHECK_FACTS, actor=actor, now=now, version=packs.sealed_of(pack), silent=int(actor is None))
    steps.close(pack, ReviewWork.FACTS, actor=actor, now=now)
    review = selectors.review_of(pack)
    if review is not None:
        steps.ask(pack, ReviewWork.READ, actor=actor, due_at=None, assignee=review.analyst)


def freeze_memo(pack: Pack, *, actor: Any, now: dt.datetime) -> None:
    """With the pack put up for decision the memo is what it is; the database refuses changes from then on. The caller holds the lock."""
    memo = selectors.memo_of(pack)
    if memo is not None and memo.frozen_at is None:
        memo.frozen_at = now
        memo.record(actor=actor, fields=["frozen_at"])
