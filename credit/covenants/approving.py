"""How waivers of covenants show in `/approvals/`: their cards, the pane of one, and what the approving level does."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from credit.covenants import permissions, selectors, services
from credit.covenants.forms import DecideForm
from credit.covenants.models import Waiver, WaiverVote
from credit.decisions.choices import Choice, Level
from credit.reviews import selectors as reviews
from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalPane
from crm.web.templatetags.ui import when

GRANT, REFUSE, CLOSE = "approve", "refuse", "close"
VOTE_TONES = {Choice.FOR: "jade", Choice.AGAINST: "seal", Choice.ABSTAIN: ""}
_VOTES = {Choice.FOR: _("Vote for it"), Choice.AGAINST: _("Vote against it"), Choice.ABSTAIN: _("Abstain")}
_KEYS = {Choice.FOR: ("A", "primary"), Choice.AGAINST: ("R", "bad"), Choice.ABSTAIN: ("E", "quiet")}
_RELATED = ("covenant__pack__company", "covenant__pack__owner", "covenant__pack__centre", "asked_by", "test")


def cards(user: Any, ids: Sequence[int]) -> dict[int, ApprovalCard]:
    """The cards of those waivers that somebody may see. One statement."""
    rows = Waiver.objects.visible_to(user).filter(pk__in=ids).select_related(*_RELATED)
    return {row.pk: ApprovalCard(str(row.covenant.pack.company), _line(row), row.get_absolute_url(), row.asked_by.name) for row in rows}


def _line(waiver: Waiver) -> str:
    if waiver.test is not None:
        return _now("%(covenant)s, period to %(day)s") % {"covenant": waiver.covenant, "day": when(waiver.test.ends_on)}
    return _now("%(covenant)s, until %(day)s") % {"covenant": waiver.covenant, "day": when(waiver.until)}


def pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """One waiver with its reason, the value that is not kept, and how often it was waived before. Waiver.DoesNotExist where hidden."""
    waiver = Waiver.objects.visible_to(user).select_related(*_RELATED).get(pk=subject_id)
    pack = waiver.covenant.pack
    if waiver.test is not None:
        waiver.test.covenant = waiver.covenant
    tests = selectors.tests_of(waiver.covenant, user=user)[:6]
    before, most = selectors.waivers_granted(pack), selectors.figures(on=reviews.today_of(pack, now))["waivers"]
    votes = selectors.votes_on(waiver) if waiver.level == Level.CC else []
    told = {"waiver": waiver, "covenant": waiver.covenant, "pack": pack, "before": before, "raises": before + 1 >= most, "tests": tests}
    if waiver.level == Level.CC:
        told |= {"votes": [(vote, VOTE_TONES[Choice(vote.choice)]) for vote in votes], "quorum": selectors.quorum_of(pack, now)}
    return ApprovalPane(
        number=pack.number,
        title=str(pack.company),
        template="covenants/waiver_pane.html",
        context=told,
        acts=_by_vote(user, waiver, votes) if waiver.level == Level.CC else _by_one(user, waiver),
        form_class=DecideForm,
    )


def _by_one(user: Any, waiver: Waiver) -> tuple[ApprovalAct, ...]:
    may = permissions.can_decide_waiver(user=user, waiver=waiver)
    return (
        ApprovalAct(GRANT, _("Grant"), "A", "primary", ("note",), may.reason),
        ApprovalAct(REFUSE, _("Refuse"), "R", "bad", ("note",), may.reason),
    )


def _by_vote(user: Any, waiver: Waiver, votes: list[WaiverVote]) -> tuple[ApprovalAct, ...]:
    """A member's three words, and the close for who chairs the vote."""
    may = permissions.can_vote_waiver(user=user, waiver=waiver, votes=votes)
    closes = permissions.can_close_waiver(user=user, waiver=waiver, votes=votes)
    words = [ApprovalAct(choice, _VOTES[choice], key, tone, ("note",), may.reason) for choice, (key, tone) in _KEYS.items()]
    return (*words, ApprovalAct(CLOSE, _("Close the vote"), "C", "", ("note",), closes.reason))


def decide(*, subject_id: int, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> Any:
    """Carry an act out. Returns the waiver, or the vote."""
    told = {"waiver_id": subject_id, "actor": actor, "now": now}
    note = data.get("note") or ""
    if act in Choice.values:
        return services.vote_on_waiver(choice=act, judgement=note, **told)
    if act == CLOSE:
        return services.close_waiver(note=note, **told)
    return services.decide_waiver(is_granted=act == GRANT, note=note, **told)
