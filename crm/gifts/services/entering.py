"""Asking for a gift, declaring one that was offered, and what a guest took home from a table."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.clients.models import Client
from crm.companies.models import Company
from crm.gifts import permissions, rules, selectors
from crm.gifts.choices import Category, Direction, GiftAct, GiftState, Occasion, Relation, ValueBasis
from crm.gifts.models import Gift, GiftItem
from crm.gifts.rules import GivenEntry, ReceivedEntry, TakenHome
from crm.gifts.services import traces
from crm.kernel.contributions import pending_decisions
from crm.kernel.errors import RuleBroken
from crm.kernel.text import strip_controls


@transaction.atomic
def request_gift(*, company_id: int, entry: GivenEntry, actor: Any, now: dt.datetime) -> Gift:
    """Ask for a gift out of the catalogue. It waits for compliance (officials, and while a decision is open), then for the level above.

    Company.DoesNotExist or GiftItem.DoesNotExist where hidden; NotAllowed for who does not look after the company; RuleBroken for a
    person, day, occasion, number or item that does not fit, and for a client whose KYC review is overdue.
    """
    company = traces.company_of(company_id, actor)
    permissions.can_give(user=actor, company=company).require()
    where = traces.placed(actor, company)
    figures = selectors.figures(where["centre"], now=now)
    _require_kyc(company, figures.today)
    item = GiftItem.objects.visible_to(actor).offered().get(pk=entry.item_id)
    rules.check_quantity(entry.quantity)
    rules.check_day(entry.on, today=figures.today, ahead=figures.ahead_days, past=False)
    _require_relation(entry.person)
    value = item.cost * entry.quantity
    named = traces.named(entry.person, company, actor)
    person = replace(entry.person, is_official=named["is_official"])
    rules.check_given(value=value, unit_cost=item.cost, person=person, occasion=entry.occasion, caps=figures.caps)
    gift = Gift(
        **where,
        **named,
        number=traces.next_number(now, figures.today),
        direction=Direction.GIVEN,
        company=company,
        item=item,
        quantity=entry.quantity,
        what=item.name_en,
        category=item.category,
        value=value,
        currency=item.centre.currency,
        basis=ValueBasis.COST,
        occasion=entry.occasion,
        on=entry.on,
        reason=_line(entry.reason),
    )
    _submit(gift, figures, actor=actor, now=now)
    return gift


@transaction.atomic
def declare_received(*, company_id: int, entry: ReceivedEntry, actor: Any, now: dt.datetime) -> Gift:
    """Declare what somebody of a company gave or offered us. Small promotional items may be kept; all else waits for permission.

    Declined ones are closed at once. Errors as `request_gift`; RuleBroken also for cash that was not declined.
    """
    company = traces.company_of(company_id, actor)
    permissions.can_give(user=actor, company=company).require()
    where = traces.placed(actor, company)
    figures = selectors.figures(where["centre"], now=now)
    rules.check_day(entry.on, today=figures.today, ahead=0, past=True)
    rules.check_received(entry, figures.caps)
    _require_relation(entry.person)
    value = rules.check_value(entry.value)
    gift = Gift(
        **where,
        **traces.named(entry.person, company, actor),
        number=traces.next_number(now, figures.today),
        direction=Direction.RECEIVED,
        company=company,
        what=_line(entry.what),
        category=entry.category,
        value=value,
        currency=where["centre"].currency,
        basis=entry.basis,
        occasion=entry.occasion,
        on=entry.on,
        reason=_line(entry.reason),
        was_declined=entry.declined,
        is_late=figures.calendar.working_days_between(entry.on, figures.today) > figures.declare_days,
    )
    if entry.declined:
        gift.state = GiftState.DECLINED
        _enter(gift, GiftAct.DECLINE, actor=actor, now=now)
    elif rules.needs_permission(value=value, category=entry.category, caps=figures.caps):
        gift.needs_consent = value > figures.caps.returned
        _submit(gift, figures, actor=actor, now=now, act=GiftAct.DECLARE)
    else:
        gift.state = GiftState.APPROVED
        _enter(gift, GiftAct.DECLARE, actor=actor, now=now)
        traces.ask_to_dispose(gift, actor=actor, due_at=now)
    traces.write_timeline(gift, now=now)
    return gift


@transaction.atomic
def record_taken_home(*, company_id: int, entry: TakenHome, actor: Any, now: dt.datetime) -> Gift:
    """What a guest carried away from a table is a gift (domain 4.1): it leaves the bill and waits to be decided.

    The same thing from the same table twice is the entry that is there. The caller has let the actor report the meal.
    """
    company = traces.company_of(company_id, actor)
    where = traces.placed(actor, company)
    figures = selectors.figures(where["centre"], now=now)
    person = traces.named(entry.person, company, actor)
    what = _line(entry.what)
    if not what:
        raise rules.refuse("what", _("Say what it was."))
    if rules.is_cash_like(what, figures.caps.never):
        raise RuleBroken(_("Cash, and what is as good as cash, is never a gift."), code="cash_like")
    same = Gift.objects.filter(source_type=entry.source_type, source_id=entry.source_id, person_key=person["person_key"], what=what).first()
    if same is not None:
        return same
    gift = Gift(
        **where,
        **person,
        number=traces.next_number(now, figures.today),
        direction=Direction.GIVEN,
        company=company,
        what=what,
        category=Category.FOOD,
        value=rules.check_value(entry.value),
        currency=where["centre"].currency,
        basis=ValueBasis.RECEIPT,
        occasion=Occasion.SOUVENIR,
        on=entry.on,
        taken_home=True,
        source_type=entry.source_type,
        source_id=entry.source_id,
    )
    _submit(gift, figures, actor=actor, now=now)
    return gift


def _submit(gift: Gift, figures: selectors.Figures, *, actor: Any, now: dt.datetime, act: str = GiftAct.REQUEST) -> None:
    """Send a new gift to whoever decides it."""
    open_matter = pending_decisions([gift.company_id], figures.today).get(gift.company_id, ("",))[0]
    role = traces.role_of(actor, {"team": gift.team, "centre": gift.centre})
    gift.sensitive = str(open_matter)[:300]
    gift.level = rules.level_for(role, sensitive=bool(open_matter))
    gift.needs_consent = gift.needs_consent or gift.is_official or bool(open_matter)
    _enter(gift, act, actor=actor, now=now)
    traces.ask(gift, figures, actor=actor, now=now)


def _enter(gift: Gift, act: str, *, actor: Any, now: dt.datetime) -> None:
    gift.record(actor=actor)
    traces.write_event(gift, act, actor=actor, now=now)


def _require_kyc(company: Company, today: dt.date) -> None:
    """Domain 1.3, rule 8: an overdue review stops gifts."""
    if Client.objects.filter(company=company, kyc_due_on__lt=today).exists():
        raise RuleBroken(_("The review of this client (KYC) is overdue. No gifts until it is done."), code="kyc_overdue")


def _require_relation(person: rules.Person) -> None:
    if person.relation not in Relation.values:
        raise rules.refuse("relation", _("Choose one of the list."))


def _line(text: str) -> str:
    return " ".join(strip_controls(text).split())[: rules.TEXT_LIMIT]
