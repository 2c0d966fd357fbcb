"""The head's word: the pack goes to the credit department, or back to its relationship manager (transitions 5 and 6)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from credit.handoff import permissions, selectors
from credit.handoff.choices import EVENT, NEWS, WORK, Verdict
from credit.handoff.choices import Act as EndorseAct
from credit.handoff.models import Endorsement
from credit.handoff.services.submitting import ask
from credit.packs import rules
from credit.packs.choices import Act, State
from credit.packs.models import Pack, PackVersion
from credit.packs.selectors import sealed_of
from credit.packs.services import steps
from credit.packs.services.versions import new_draft
from crm.kernel.errors import RuleBroken
from crm.kernel.reactions import announce
from crm.kernel.worklist import WorkItem
from crm.notifications.services import notify
from crm.staff.choices import Role


@transaction.atomic
def decide(*, pack_id: int, act: str, view: str, actor: Any, now: dt.datetime) -> Pack:
    """`endorse`, `send_back` or `pass_up` a pack that waits. Endorsing and sending back take the endorser's own words.

    Pack.DoesNotExist where hidden; NotAllowed with the reason; RuleBroken without words, above the own authority, and above the centre
    head.
    """
    pack = steps.locked(pack_id, actor)
    version, level = sealed_of(pack), level_of(pack)
    if version is not None:
        version.pack = pack
    permissions.can_endorse(user=actor, pack=pack, version=version, level=level).require()
    if version is None or level is None:
        raise RuleBroken(_("It does not wait for an endorsement."))
    words = rules.reasoned(view, "view") if act != EndorseAct.PASS_UP else ""
    if act == EndorseAct.ENDORSE:
        return _endorse(pack, version, level, words, actor=actor, now=now)
    if act == EndorseAct.SEND_BACK:
        return _send_back(pack, version, level, words, actor=actor, now=now)
    if act == EndorseAct.PASS_UP:
        _pass_up(pack, level, actor=actor, now=now)
        return pack
    raise RuleBroken(_("Choose one of the list."))


def level_of(pack: Pack) -> str | None:
    """The role whose queue the pack stands in; None where it waits for no endorsement."""
    rows = WorkItem.objects.open().filter(kind=WORK, subject_type=steps.SUBJECT, subject_id=pack.pk)
    return rows.values_list("role", flat=True).first()


def _endorse(pack: Pack, version: PackVersion, level: str, view: str, *, actor: Any, now: dt.datetime) -> Pack:
    post = permissions.endorsing_post(actor, pack, level)
    top = selectors.figures(pack, now)["team_head_top"] if post.role == Role.TH else None
    total = selectors.total_of(version, now)
    if top is not None and total > top:
        raise RuleBroken(_("This is above a team head’s authority. Pass it up."), code="above_authority")
    _say(version, Verdict.ENDORSE, view, total=total, authority=top, actor=actor, post=post, now=now)
    if pack.handed_off_at is None:
        pack.handed_off_at = now
        pack.record(actor=actor, reason=Act.ENDORSE, fields=["handed_off_at"])
    steps.step(pack, Act.ENDORSE, actor=actor, now=now, target=State.HANDED_OFF, version=version, post=post, reason=view)
    steps.close(pack, WORK, actor=actor, now=now)
    announce(EVENT, actor=actor, pack_id=pack.pk, version_id=version.pk)
    _tell(pack, version, _("{number} is endorsed and handed off."), now=now)
    return pack


def _send_back(pack: Pack, version: PackVersion, level: str, reason: str, *, actor: Any, now: dt.datetime) -> Pack:
    """The sealed version stays as it is, on hold; the relationship manager works on the next one."""
    post = permissions.endorsing_post(actor, pack, level)
    _say(version, Verdict.SEND_BACK, reason, total=selectors.total_of(version, now), authority=None, actor=actor, post=post, now=now)
    steps.step(pack, Act.SEND_BACK, actor=actor, now=now, target=State.DRAFT, version=version, post=post, reason=reason)
    new_draft(pack, version, reason=reason, actor=actor, now=now)
    steps.close(pack, WORK, actor=actor, now=now)
    _tell(pack, version, _("{number} was sent back by the endorser."), now=now)
    return pack


def _pass_up(pack: Pack, level: str, *, actor: Any, now: dt.datetime) -> None:
    if level != Role.TH:
        raise RuleBroken(_("Nobody stands above the centre head here."))
    steps.close(pack, WORK, actor=actor, now=now)
    ask(pack, Role.RCH, actor=actor, now=now)


@transaction.atomic
def escalate(*, subject_id: int, now: dt.datetime) -> None:
    """The team head did not answer in time: the centre head is asked. With the centre head it waits on."""
    pk = Pack.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=subject_id)
    pack = Pack.objects.select_related("company", "centre", "team", "owner").get(pk=pk)
    if pack.state == State.ENDORSE and level_of(pack) == Role.TH:
        _pass_up(pack, Role.TH, actor=None, now=now)


def _say(version: PackVersion, verdict: Verdict, view: str, *, total: Any, authority: Any, actor: Any, post: Any, now: dt.datetime) -> None:
    Endorsement.objects.create(
        version=version, verdict=verdict, view=view, total=total, authority=authority, actor=actor, post=post, at=now
    )


def _tell(pack: Pack, version: PackVersion, line: Any, *, now: dt.datetime) -> None:
    notify(
        kind=NEWS,
        user_ids=[pack.owner_id],
        key=f"{NEWS}:{version.pk}",
        line=format_lazy(line, number=pack.number),
        url=pack.get_absolute_url(),
        now=now,
    )
