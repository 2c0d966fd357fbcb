"""Whose decision a concession would be, without a figure; each look is written down, and too many are put off (domain 5.3)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.concessions import permissions, selectors
from crm.concessions.choices import ProbeVia, WorkKindName
from crm.concessions.models import Probe
from crm.concessions.rules import Terms
from crm.concessions.selectors import Asked
from crm.concessions.services import traces
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from crm.staff.choices import Role
from crm.staff.models import Post


class TryLater(RuleBroken):
    """Looked too often. The sentence says neither how often one may nor when again."""

    code = "try_later"

    def __init__(self) -> None:
        super().__init__(_("Try again later."))


def require_patience(*, actor: Any, centre: Any, now: dt.datetime) -> None:
    """TryLater where this person looked as often within the hour as anybody may."""
    most = selectors.figures("probing", jurisdiction=centre.jurisdiction, on=timezone.localdate(now))["per_hour"]
    if selectors.looks_within_hour(actor, now=now) >= most:
        raise TryLater


@transaction.atomic
def note_look(*, actor: Any, now: dt.datetime, terms: Terms, via: ProbeVia, company: Company | None = None, slowed: bool = False) -> Probe:
    """Write a look down; one that was put off tells compliance, once until they have seen it."""
    if slowed:
        told = WorkItem.objects.open().filter(kind=WorkKindName.PROBING, subject_type=actor._meta.label_lower, subject_id=actor.pk)
        units = set() if told.exists() else set(Post.objects.current(now).filter(role=Role.COMP).values_list("unit_id", flat=True))
        for unit_id in sorted(units):
            WorkItem.objects.create(
                kind=WorkKindName.PROBING,
                title=actor.name_en,
                unit_id=unit_id,
                role=Role.COMP,
                due_at=now + dt.timedelta(days=1),
                subject_type=actor._meta.label_lower,
                subject_id=actor.pk,
            )
    kept = {name: str(value)[:40] for name, value in terms.as_json().items()}
    post = selectors.own_post(actor)
    return Probe.objects.create(at=now, actor=actor, post=post, via=via, company=company, kind=terms.kind, terms=kept, slowed=slowed)


def look_at_level(*, actor: Any, now: dt.datetime, company_id: int | None, terms: Terms, currency: str = "", via: ProbeVia) -> bool:
    """Whether this would be one's own to settle; False: it goes to the next level, whichever that is. The look is kept.

    Company.DoesNotExist where hidden; NotAllowed for who may not ask for this company; RuleBroken for figures that cannot be judged;
    TryLater after too many looks. Call outside a transaction that a refusal would end: the look is kept then too.
    """
    post = selectors.own_post(actor)
    company = None if company_id is None else traces.company_of(company_id, actor)
    if company is not None and via != ProbeVia.COMMAND:
        permissions.can_ask(user=actor, company=company).require()
    if post is None:
        raise NotAllowed(_("Relationship managers and their heads ask for concessions."))
    centre = post.unit.centre or post.unit
    asked = Asked(company, terms, currency or centre.currency, centre)
    if via != ProbeVia.COMMAND:
        try:
            require_patience(actor=actor, centre=centre, now=now)
        except TryLater:
            note_look(actor=actor, now=now, terms=terms, via=via, company=company, slowed=True)
            raise
    note_look(actor=actor, now=now, terms=terms, via=via, company=company)
    assessed = selectors.assess(asked, now=now, person=actor.pk, own=selectors.level_of(post))
    return selectors.is_within_own(actor, post, assessed, asked, now=now)
