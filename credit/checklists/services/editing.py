"""Papers of the bank's own: proposed by one person, decided by another, holding from a day on (domain 6.3, 6.4; invariant 43)."""

import datetime as dt
import re
from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from credit.checklists import book, permissions, selectors
from credit.checklists.choices import EDITION_TRANSITIONS, AskedOf, ChecklistWork, EditionState, Group, Need, Source, WaivedBy
from credit.checklists.models import OwnPaper
from credit.packs import rules as packs_rules
from credit.packs.catalogue import facility_types
from credit.packs.choices import ClientType, SecurityKind
from crm.kernel.errors import RuleBroken
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkItem, WorkState
from crm.policy.choices import Jurisdiction
from crm.staff.choices import Role

SUBJECT = OwnPaper._meta.label_lower
_CODE = re.compile(r"[A-Z][0-9]{2,3}")
_MOST_DAYS = 3_650
_CHOICES = {"group": Group, "source": Source, "asked_of": AskedOf, "waived_by": WaivedBy, "jurisdiction": Jurisdiction}


@dataclass(frozen=True)
class Edition:
    """What is proposed of a paper: its code and names, how badly it is needed and for whom, from when on. `ends`: no more from that day.

    One that is asked of guarantors stands under each of them, whatever `group` says.
    """

    code: str
    names: tuple[str, str, str]
    group: str
    source: str
    need: str
    waived_by: str
    effective_from: dt.date
    reason: str
    valid_days: int | None = None
    jurisdiction: str = ""
    client_types: tuple[str, ...] = ()
    facility_types: tuple[str, ...] = ()
    securities: tuple[str, ...] = ()
    asked_of: str = AskedOf.BORROWER
    ends: bool = False


@transaction.atomic
def propose_paper(*, edition: Edition, actor: Any, now: dt.datetime) -> OwnPaper:
    """Propose a paper of the bank's own, another edition of one, or its end. A second person decides.

    NotAllowed for others than head office and content editors. RuleBroken for a code that is none or the book's, a name that is missing
    in a language, a value that is none of the lists, a day that is past, nothing changed, no reason, and where a change of it waits.
    """
    permissions.can_propose_paper(user=actor).require()
    own = _made(edition, actor)
    _check(own, now)
    if own.effective_from < timezone.localdate(now):
        raise packs_rules.refuse("effective_from", _("What held in the past stays: choose today or a later day."))
    try:
        with transaction.atomic():
            own.record(actor=actor, reason=own.reason)
    except IntegrityError as error:
        raise packs_rules.refuse("code", _("A change of this paper waits for a decision already.")) from error
    title = _now("%(paper)s: from %(day)s") % {"paper": own, "day": own.effective_from}
    WorkItem.objects.create(
        kind=ChecklistWork.EDITION, title=title[:300], role=Role.HO, subject_type=SUBJECT, subject_id=own.pk, created_by=actor
    )
    return own


def _made(edition: Edition, actor: Any) -> OwnPaper:
    told = asdict(edition)
    names = dict(zip(("name_en", "name_hant", "name_hans"), (packs_rules.line(name, 120) for name in told.pop("names")), strict=True))
    lists = {name: sorted(set(told.pop(name))) for name in ("client_types", "facility_types", "securities")}
    told |= {"code": edition.code.strip().upper(), "reason": packs_rules.reasoned(edition.reason)[: packs_rules.LINE]}
    if edition.asked_of != AskedOf.BORROWER:
        told["group"] = Group.GUARANTOR
    return OwnPaper(**told, **names, **lists, proposed_by=actor)


def _check(own: OwnPaper, now: dt.datetime) -> None:
    if not _CODE.fullmatch(own.code):
        raise packs_rules.refuse("code", _("A code is a letter and two or three figures, such as B01."))
    if own.code in book.papers():
        raise packs_rules.refuse("code", _("This code is the book’s. Its figures are changed under Policies."))
    for name in ("name_en", "name_hant", "name_hans"):
        if not getattr(own, name):
            raise packs_rules.refuse(name, _("Name it in all three languages."))
    for name, choices in _CHOICES.items():
        if getattr(own, name) not in choices.values:
            raise packs_rules.refuse(name, _("Choose one of those listed."))
    if own.group == Group.GUARANTOR and own.asked_of == AskedOf.BORROWER:
        raise packs_rules.refuse("group", _("Choose one of those listed."))
    if own.need not in (Need.REQUIRED, Need.CONDITIONAL, Need.DRAWDOWN):
        raise packs_rules.refuse("need", _("Choose one of those listed."))
    known = {"client_types": ClientType.values, "facility_types": facility_types(), "securities": SecurityKind.values}
    for name, of in known.items():
        if not set(getattr(own, name)) <= set(of):
            raise packs_rules.refuse(name, _("Choose one of those listed."))
    if own.valid_days is not None and not 1 <= own.valid_days <= _MOST_DAYS:
        raise packs_rules.refuse("valid_days", _("Write a whole number from 1 to %(most)s.") % {"most": f"{_MOST_DAYS:,}"})
    _check_changes(own)


def _check_changes(own: OwnPaper) -> None:
    """It says something else than the edition that holds on its day."""
    before = selectors.own_in_force(on=own.effective_from).get(own.code)
    if own.ends and before is None:
        raise packs_rules.refuse("ends", _("The bank does not ask for this paper."))
    if before is not None and not own.ends and selectors.said_of(before) == selectors.said_of(own):
        raise RuleBroken(_("It stands so already."))


def _locked(paper_id: int, actor: Any) -> OwnPaper:
    found: OwnPaper = OwnPaper.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=paper_id)
    return found


@transaction.atomic
def approve_paper(*, paper_id: int, actor: Any, now: dt.datetime) -> OwnPaper:
    """A second person approves: packs begun and versions opened from its day on (today, where that is past) follow it.

    OwnPaper.DoesNotExist where hidden; InvalidTransition where it is decided; NotAllowed for who proposed it and others than head office.
    """
    own = _locked(paper_id, actor)
    check_transition(EDITION_TRANSITIONS, own.state, EditionState.APPROVED)
    permissions.can_decide_paper(user=actor, own=own).require()
    own.effective_from = max(own.effective_from, timezone.localdate(now))
    return _decide(own, EditionState.APPROVED, actor=actor, now=now)


@transaction.atomic
def refuse_paper(*, paper_id: int, reason: str, actor: Any, now: dt.datetime) -> OwnPaper:
    """A second person refuses, and says why. As `approve_paper`; RuleBroken without a reason."""
    own = _locked(paper_id, actor)
    check_transition(EDITION_TRANSITIONS, own.state, EditionState.REFUSED)
    permissions.can_decide_paper(user=actor, own=own).require()
    own.remark = packs_rules.reasoned(reason)[: packs_rules.LINE]
    return _decide(own, EditionState.REFUSED, actor=actor, now=now)


def _decide(own: OwnPaper, state: EditionState, *, actor: Any, now: dt.datetime) -> OwnPaper:
    own.state, own.decided_by, own.decided_at = state, actor, now
    own.record(actor=actor, reason=own.remark or own.reason, fields=["state", "decided_by", "decided_at", "remark", "effective_from"])
    _close_work(own, WorkState.DONE, actor=actor, now=now)
    return own


@transaction.atomic
def withdraw_paper(*, paper_id: int, actor: Any, now: dt.datetime) -> OwnPaper:
    """Who proposed it takes it back. NotAllowed for others, InvalidTransition where it is decided already."""
    own = _locked(paper_id, actor)
    check_transition(EDITION_TRANSITIONS, own.state, EditionState.WITHDRAWN)
    permissions.can_withdraw_paper(user=actor, own=own).require()
    own.state, own.decided_at = EditionState.WITHDRAWN, now
    own.record(actor=actor, reason=own.reason, fields=["state", "decided_at"])
    _close_work(own, WorkState.DROPPED, actor=actor, now=now)
    return own


def _close_work(own: OwnPaper, state: WorkState, *, actor: Any, now: dt.datetime) -> None:
    for item in WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=own.pk):
        item.close(actor=actor, now=now, state=state)
