"""Waivers: asked by the pack's manager with a reason and an end, decided by a head, never by who asked (domain 6.4)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.checklists import permissions, rules, selectors
from credit.checklists.choices import LEVELS, WAIVER, ChecklistWork, ItemState, WaiverAct, WaiverState
from credit.checklists.models import ChecklistItem, Waiver
from credit.checklists.services.papers import close_work, item_of, note
from credit.packs import rules as packs_rules
from credit.packs.models import Pack
from crm.kernel.errors import RuleBroken
from crm.kernel.worklist import WorkItem
from crm.staff.choices import Role
from crm.staff.selectors import working_calendar
from crm.visits.rules import closing_time

_RELATED = ("version__pack__centre", "version__pack__company", "item__party__company", "item__own")


@transaction.atomic
def ask_waiver(*, item_id: int, until: dt.date, reason: str, actor: Any, now: dt.datetime) -> Waiver:
    """Ask a head to do without a paper until a day. NotAllowed for others than the manager, and for what nobody waives.

    RuleBroken without a reason, for a day that is past or further than a waiver may run, and where one is asked for already.
    """
    item = item_of(item_id, actor)
    pack = item.version.pack
    on = selectors.today_of(pack, now)
    level = _level(item, actor, on)
    permissions.can_ask_waiver(user=actor, item=item, level=level).require()
    words = packs_rules.reasoned(reason)[: packs_rules.LINE]
    figures = selectors.terms(pack.jurisdiction, on=on)
    if not on < until <= on + dt.timedelta(days=int(figures["waiver_days"])):
        raise packs_rules.refuse("until", _("A waiver runs for %(days)s days at most.") % {"days": figures["waiver_days"]})
    if item.waivers.filter(state=WaiverState.ASKED).exists():
        raise RuleBroken(_("A waiver is asked for already."))
    waiver = Waiver.objects.create(
        version=item.version, item=item, code=item.code, until=until, reason=words, level=level, asked_by=actor, asked_at=now
    )
    _queue(waiver, actor=actor, now=now, days=int(figures["decide_days"]))
    note(pack, item.version, "waiver asked", [item], actor=actor, now=now, reason=words, until=until)
    return waiver


def _level(item: ChecklistItem, actor: Any, on: dt.date) -> str:
    """What policy says; a team head's own goes one further up, and so does one without a team."""
    pack = item.version.pack
    level = selectors.waiver_level(item, on=on)
    if level == LEVELS[0] and (pack.team_id is None or actor.actor.has_role(Role.TH)):
        return LEVELS[1]
    return level


def _queue(waiver: Waiver, *, actor: Any, now: dt.datetime, days: int) -> None:
    pack: Pack = waiver.version.pack
    on = selectors.today_of(pack, now)
    calendar = working_calendar(pack.centre, on=on)
    day = calendar.add_working_days(on, days)
    WorkItem.objects.create(
        kind=ChecklistWork.WAIVE,
        title=f"{pack.number} · {waiver.code}",
        company_id=pack.company_id,
        unit_id=pack.team_id if waiver.level == LEVELS[0] else pack.centre_id,
        role=waiver.level,
        due_at=closing_time(day, calendar),
        subject_type=WAIVER,
        subject_id=waiver.pk,
        created_by=actor,
    )


@transaction.atomic
def decide_waiver(*, waiver_id: int, act: str, actor: Any, now: dt.datetime, note_text: str = "") -> Waiver:
    """Grant or refuse. Waiver.DoesNotExist where hidden; NotAllowed for who asked and for other heads; RuleBroken for a refusal without a
    word, for what was sealed meanwhile, and for a paper that came meanwhile.
    """  # fmt: skip
    seen = Waiver.objects.visible_to(actor).select_related("version__pack").get(pk=waiver_id)
    Pack.objects.select_for_update(of=("self",)).get(pk=seen.version.pack_id)
    waiver = Waiver.objects.select_related(*_RELATED).get(pk=waiver_id)
    permissions.can_decide(user=actor, waiver=waiver).require()
    words = packs_rules.line(note_text)
    item, version = waiver.item, waiver.version
    if act == WaiverAct.REFUSE:
        if not words:
            raise packs_rules.refuse("note", _("Say why."))
        waiver.state = WaiverState.REFUSED
    else:
        if item is None or not version.is_draft:
            raise RuleBroken(_("This version is sealed. Refuse the waiver."))
        if rules.standing(item, selectors.today_of(version.pack, now)) == ItemState.CHECKED:
            raise RuleBroken(_("This paper is checked."))
        waiver.state = WaiverState.GRANTED
        item.state, item.waived_until, item.waived_by = ItemState.WAIVED, waiver.until, actor
        item.waived_level, item.reason = waiver.level, waiver.reason
        item.save(update_fields=["state", "waived_until", "waived_by", "waived_level", "reason"])
    waiver.decided_by, waiver.decided_at, waiver.note = actor, now, words
    waiver.save(update_fields=["state", "decided_by", "decided_at", "note"])
    close_work(waiver, actor=actor, now=now)
    note(version.pack, version, f"waiver {waiver.state}", [item] if item else [], actor=actor, now=now, reason=words)
    return waiver
