"""Covenants written down by one of credit and confirmed by another; what is in force is never changed, but replaced by a successor."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.covenants import permissions, rules, selectors
from credit.covenants.choices import AMOUNTS, TRANSITIONS, Act, Comparison, CovenantWork, Document, Frequency, Metric, State
from credit.covenants.models import Covenant
from credit.covenants.rules import Terms
from credit.covenants.services.traces import ask, due, finish, locked, write_event, write_timeline
from credit.decisions.models import Condition
from credit.packs import selectors as packs
from credit.packs.models import Pack
from credit.packs.rules import line, reasoned
from credit.packs.rules import refuse as field_refused
from credit.packs.services import steps
from credit.reviews import selectors as reviews
from crm.kernel.errors import RuleBroken
from crm.kernel.workflow import check_transition
from crm.staff.choices import Role

_TOP = Decimal(10) ** 15


@transaction.atomic
def propose(
    *, pack_id: int, terms: Terms, actor: Any, now: dt.datetime, condition_id: int | None = None, replaces_id: int | None = None
) -> Covenant:
    """Write a covenant down, taken over from a condition of the decision or as the successor of one in force. A second person confirms it.

    NotAllowed for others than credit and credit administration, and for a pack that is not approved; RuleBroken at its field, and where
    a successor is proposed already. Condition or Covenant.DoesNotExist for those of another pack.
    """
    pack = steps.locked(pack_id, actor)
    permissions.can_propose(user=actor, pack=pack).require()
    replaced = _replaced(pack, replaces_id, actor)
    condition = Condition.objects.visible_to(actor).get(pk=condition_id, pack=pack) if condition_id is not None else None
    covenant = Covenant(
        pack=pack, condition=condition, replaces=replaced, proposed_by=actor, proposed_at=now, **_columns(pack, terms, replaced, now)
    )
    covenant.record(actor=actor, reason=Act.PROPOSE)
    write_event(covenant, Act.PROPOSE, actor=actor, now=now, note=f"{covenant.promise} {covenant.words}".strip())
    days = selectors.figures(on=reviews.today_of(pack, now))["confirm_days"]
    ask(covenant, CovenantWork.CONFIRM, about=covenant, actor=actor, due_at=due(pack, days, now), role=Role.CAD)
    return covenant


def _replaced(pack: Pack, replaces_id: int | None, actor: Any) -> Covenant | None:
    if replaces_id is None:
        return None
    found: Covenant = Covenant.objects.visible_to(actor).get(pk=replaces_id, pack=pack)
    found.pack = pack
    permissions.can_replace(user=actor, covenant=found).require()
    if found.successors.exclude(state=State.REFUSED).exists():
        raise RuleBroken(_("A successor of this covenant is proposed already."))
    return found


def _columns(pack: Pack, terms: Terms, replaced: Covenant | None, now: dt.datetime) -> dict[str, Any]:
    for field, value, known in (
        ("metric", terms.metric, Metric.values),
        ("document", terms.document, Document.values),
        ("frequency", terms.frequency, Frequency.values),
    ):
        if value not in known:
            raise field_refused(field, _("Pick one of the choices."))
    for field, days in (("due_days", terms.due_days), ("cure_days", terms.cure_days)):
        if not 0 <= days <= rules.MOST_DAYS:
            raise field_refused(field, _("Between 0 and %(most)s days.") % {"most": rules.MOST_DAYS})
    return {
        **_threshold(pack, terms, now),
        "metric": terms.metric,
        "document": terms.document,
        "frequency": terms.frequency,
        "words": _words(terms),
        "first_on": _first(pack, terms, replaced, now),
        "due_days": terms.due_days,
        "cure_days": terms.cure_days,
    }


def _threshold(pack: Pack, terms: Terms, now: dt.datetime) -> dict[str, Any]:
    """Side, threshold and currency of what is measured; none of them for an undertaking."""
    if not rules.is_measured(terms.metric):
        return {"comparison": "", "threshold": None, "currency": ""}
    if terms.comparison not in Comparison.values:
        raise field_refused("comparison", _("Pick one of the choices."))
    if terms.threshold is None or not -_TOP < terms.threshold < _TOP:
        raise field_refused("threshold", _("Say which threshold it has to keep."))
    if terms.metric not in AMOUNTS:
        return {"comparison": terms.comparison, "threshold": terms.threshold, "currency": ""}
    if terms.currency not in packs.currencies(pack.centre, on=reviews.today_of(pack, now)):
        raise field_refused("currency", _("Pick one of the choices."))
    return {"comparison": terms.comparison, "threshold": terms.threshold, "currency": terms.currency}


def _words(terms: Terms) -> str:
    words = line(terms.words, rules.WORDS)
    if not words and not rules.is_measured(terms.metric):
        raise field_refused("words", _("Say in words what is promised."))
    return words


def _first(pack: Pack, terms: Terms, replaced: Covenant | None, now: dt.datetime) -> dt.date:
    """Not long past; of a successor after all that was tested of the one before."""
    if terms.first_on < reviews.today_of(pack, now) - dt.timedelta(days=rules.MOST_DAYS):
        raise field_refused("first_on", _("The first period ends no earlier than a year ago."))
    last = replaced.tests.order_by("-ends_on").values_list("ends_on", flat=True).first() if replaced is not None else None
    if last is not None and terms.first_on <= last:
        raise field_refused("first_on", _("The covenant before was tested for a period that ends later."))
    return terms.first_on


@transaction.atomic
def confirm(*, covenant_id: int, actor: Any, now: dt.datetime) -> Covenant:
    """The second person's word: it is in force, and its first test falls due with its first period; the one it replaces has ended.

    NotAllowed for who wrote it down. RuleBroken where the one before was tested for a later period meanwhile.
    """
    covenant = locked(covenant_id, actor)
    permissions.can_confirm(user=actor, covenant=covenant).require()
    if covenant.replaces is not None:
        _replace(covenant.replaces, covenant, actor=actor, now=now)
    check_transition(TRANSITIONS, covenant.state, State.IN_FORCE)
    covenant.state, covenant.next_on = State.IN_FORCE, covenant.first_on
    covenant.confirmed_by, covenant.confirmed_at = actor, now
    covenant.record(actor=actor, reason=Act.CONFIRM, fields=["state", "next_on", "confirmed_by", "confirmed_at"])
    write_event(covenant, Act.CONFIRM, actor=actor, now=now)
    write_timeline(covenant, Act.CONFIRM, actor=actor, now=now)
    finish(covenant, CovenantWork.CONFIRM, actor=actor, now=now)
    return covenant


def _replace(old: Covenant, new: Covenant, *, actor: Any, now: dt.datetime) -> None:
    """The one before is tested for the periods that end before the successor's first."""
    old.pack = new.pack
    check_transition(TRANSITIONS, old.state, State.REPLACED)
    if old.tests.filter(ends_on__gte=new.first_on).exists():
        raise RuleBroken(_("The covenant before was tested for a period that ends later."))
    old.state, old.until_on = State.REPLACED, new.first_on - dt.timedelta(days=1)
    if old.next_on is not None and old.next_on > old.until_on:
        old.next_on = None
    old.record(actor=actor, reason=Act.REPLACE, fields=["state", "until_on", "next_on"])
    write_event(old, Act.REPLACE, actor=actor, now=now, note=f"{new.promise} {new.words}".strip())


@transaction.atomic
def refuse(*, covenant_id: int, reason: str, actor: Any, now: dt.datetime) -> Covenant:
    """It is not confirmed, or taken back by who wrote it down. NotAllowed for others than credit; RuleBroken without a reason."""
    covenant = locked(covenant_id, actor)
    permissions.can_refuse(user=actor, covenant=covenant).require()
    words = reasoned(reason)
    check_transition(TRANSITIONS, covenant.state, State.REFUSED)
    covenant.state = State.REFUSED
    covenant.record(actor=actor, reason=Act.REFUSE, fields=["state"])
    write_event(covenant, Act.REFUSE, actor=actor, now=now, note=words)
    finish(covenant, CovenantWork.CONFIRM, actor=actor, now=now)
    return covenant
