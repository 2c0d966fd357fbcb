"""Who reads accountability files and who writes into them. Pages and services ask the same functions."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.accountability import rules, selectors
from credit.accountability.choices import Bench
from credit.accountability.models import Case, Compilation, DutyFile, Ruling, Statement
from credit.accountability.querysets import COMMITTEE, READERS
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES, Role

KNOWING = (Role.HO, Role.CO, Role.CC, Role.COMP, Role.AUD, Role.HR)
"""Who may learn of verifications, which nobody does who could warn the client."""


def can_read_files(*, user: Any) -> Permission:
    """Managers, heads, head office, approvers, compliance and audit."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Your post reads no accountability files."))


def reads(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_files(user=user))


def knows_all(user: Any) -> bool:
    """Reads of credit's own duties too."""
    return bool(user.actor.has_role(*KNOWING))


def can_write(*, user: Any, file: DutyFile) -> Permission:
    """Whoever looks after the client, and who began the loan."""
    if not user.actor.has_role(*RELATIONSHIP_ROLES):
        return denied(_("The client’s relationship manager writes into this file."))
    mine = user.pk in (file.client.owner_id, file.pack.owner_id, file.originator_id)
    return ALLOWED if mine else denied(_("The client’s relationship manager writes into this file."))


_PART = _("Who had a part in the loan or looked after the client does not sit on its committee.")
_DECIDED = _("This committee has decided.")


def bench(user: Any) -> Bench | None:
    """On which side of a committee this person sits."""
    return rules.bench_of(post.role for post in user.actor.posts)


def can_sit(*, user: Any, file: DutyFile) -> Permission:
    """Human resources, audit and credit, but for who had a part; never a team head."""
    if bench(user) is None:
        return denied(_("The committee is made of human resources, audit and credit."))
    return denied(_PART) if user.pk in selectors.had_a_part(file) else ALLOWED


def can_convene(*, user: Any, file: DutyFile, frozen: Compilation | None, case: Case | None) -> Permission:
    """Any member, once for each frozen file."""
    if frozen is None:
        return denied(_("This file is not frozen."))
    return denied(_("A committee is convened already.")) if case is not None else can_sit(user=user, file=file)


@dataclass(frozen=True)
class Sitting:
    """A committee as it stands: its file, the case, what it decided, and what was said."""

    file: DutyFile
    case: Case
    ruling: Ruling | None
    said: Sequence[Statement]

    @property
    def judged(self) -> set[int]:
        """Who is judged."""
        return selectors.respondents(self.file, self.case)

    @property
    def answered(self) -> set[int | None]:
        """Who has answered."""
        return {one.actor_id for one in self.said if not one.is_objection}


def can_answer(*, user: Any, sitting: Sitting, now: dt.datetime) -> Permission:
    """Who is judged, once, until the day that the committee set."""
    if user.pk not in sitting.judged:
        return denied(_("Who looked after the client and who began the loan answer."))
    if user.pk in sitting.answered:
        return denied(_("You have answered already."))
    return ALLOWED if now <= sitting.case.statement_until else denied(_("The time for answers is over."))


def can_vote(*, user: Any, sitting: Sitting, voted: Collection[int | None], now: dt.datetime) -> Permission:
    """A member, once; after all who are judged have answered, or their time is over."""
    if sitting.ruling is not None:
        return denied(_DECIDED)
    allowed = can_sit(user=user, file=sitting.file)
    if not allowed:
        return allowed
    if now <= sitting.case.statement_until and sitting.judged - sitting.answered:
        return denied(_("Who is judged may still answer. The vote begins when they have, or their time is over."))
    return denied(_("You have voted.")) if user.pk in voted else ALLOWED


def can_close(*, user: Any, case: Case, ruling: Ruling | None) -> Permission:
    """Who convened it."""
    if ruling is not None:
        return denied(_DECIDED)
    return ALLOWED if case.actor_id == user.pk and bench(user) is not None else denied(_("Who convened the committee closes its vote."))


def can_object(*, user: Any, sitting: Sitting) -> Permission:
    """Who is judged, once, after the decision."""
    if user.pk not in sitting.judged:
        return denied(_("Who is judged objects."))
    if sitting.ruling is None:
        return denied(_("Nothing is decided yet."))
    objected = any(one.actor_id == user.pk and one.is_objection for one in sitting.said)
    return denied(_("You have objected already.")) if objected else ALLOWED


def reads_ballots(user: Any) -> bool:
    """Of whom a committee is made, and head office."""
    return bool(user.actor.has_role(*COMMITTEE))


def follows_links(user: Any) -> bool:
    """Sees the pack and the flags behind a file: everybody who reads files but human resources alone."""
    return bool(user.actor.has_role(*(role for role in READERS if role != Role.HR)))
