"""Two at once, in real threads on a real database: one record, and never one lead more than the cap (invariant 30)."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from crm.companies.models import Company, Coverage, Identifier
from crm.kernel.errors import DomainError
from prospects.deals import services
from prospects.deals.choices import Criterion, Stage
from prospects.deals.models import Deal
from tests import cast
from tests.cast import NOW, fresh
from tests.companies.making import company
from tests.prospects.deals.making import TODAY, USCC, agreed, in_stage, on_company, prospect

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or was refused with; all start at the same moment."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            answers[place] = act()
        except DomainError as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def refusals(answers: list[Any]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, DomainError)]


@pytest.mark.parametrize("turn", range(3))
def test_two_who_create_the_same_key_at_once_yield_one_record(bank, turn):
    people = [bank.rm, bank.outsider, bank.rm2, bank.sibling]
    answers = at_once(*(lambda who=who, n=n: prospect(fresh(who), f"Name number {n}", numbers=(USCC,)) for n, who in enumerate(people)))
    assert refusals(answers) == ["owned"] * 3
    assert (Identifier.objects.filter(kind="uscc").count(), Deal.objects.count(), Coverage.objects.count()) == (1, 1, 1)
    winner = Deal.objects.get()
    assert Coverage.objects.get().owner == winner.owner
    names = {who.name for who in people}
    assert not any(name in str(answer) for answer in answers if isinstance(answer, DomainError) for name in names)


def test_two_who_take_over_the_same_company_at_once_yield_one_pursuit(bank):
    known = company(bank, "Pearl Estuary Foods")
    answers = at_once(*(lambda who=who: on_company(fresh(who), known) for who in (bank.rm, bank.outsider, bank.rm2)))
    assert refusals(answers) == ["owned"] * 2
    assert (Deal.objects.count(), Coverage.objects.current().count()) == (1, 1)


@pytest.fixture
def one_place_left(bank) -> None:
    """`rm` holds 79 of 80 leads."""
    post = bank.post("rm")
    companies = Company.objects.bulk_create(Company(name_en=f"Lead {n}", sort_key=f"lead {n}") for n in range(79))
    Deal.objects.bulk_create(
        Deal(
            company=one,
            sort_key=one.sort_key,
            stage=Stage.LEAD,
            stage_since=NOW,
            stale_on=TODAY,
            source="LISTCO",
            currency="HKD",
            opened_at=NOW,
            protected_until=TODAY + dt.timedelta(days=90),
            owner=post.user,
            team=post.unit,
            centre=post.unit.centre,
        )
        for one in companies
    )


def test_the_cap_holds_when_the_last_place_is_asked_for_from_all_sides(bank, one_place_left):
    given = prospect(bank.rm2, "Given by the head")
    names = ("Wah Kong Logistics", "Pearl Estuary Foods", "Dyeworks Asia")
    answers = at_once(
        *(lambda name=name: prospect(fresh(bank.rm), name) for name in names),
        lambda: services.assign(deal_id=given.pk, owner_id=bank.rm.pk, reason="Sector", actor=fresh(bank.head), now=NOW),
    )
    assert refusals(answers) == ["lead_cap"] * 3
    assert Deal.objects.filter(owner=bank.rm).protected_leads(on=TODAY).count() == 80


def test_who_comes_while_the_last_place_is_being_taken_waits_and_is_refused(bank, one_place_left):
    counted = threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            prospect(fresh(bank.rm), "Wah Kong Logistics")
            counted.set()
            time.sleep(1)

    def meanwhile() -> None:
        counted.wait(30)
        prospect(fresh(bank.rm), "Pearl Estuary Foods")

    assert refusals(at_once(slowly, meanwhile)) == ["lead_cap"]
    assert Deal.objects.filter(owner=bank.rm).protected_leads(on=TODAY).count() == 80


def test_a_deal_that_advances_twice_at_once_makes_one_client(bank):
    deal = in_stage(prospect(bank.rm), Stage.CREDIT)
    agreed(bank, deal, Criterion.DECISION)
    answers = at_once(*(lambda: services.advance(deal_id=deal.pk, to_stage=Stage.OFFER, actor=fresh(bank.rm), now=NOW) for _ in range(3)))
    assert refusals(answers) == ["invalid_transition"] * 2
    assert Company.objects.get().client.number
    assert Coverage.objects.current().count() == 1


def test_of_two_owners_given_at_once_one_holds_it_and_the_coverage(bank):
    deal = prospect(bank.rm)
    at_once(
        *(
            lambda name=name: services.assign(
                deal_id=deal.pk, owner_id=bank.people[name].pk, reason="Sector", actor=fresh(bank.head), now=NOW
            )
            for name in ("rm2", "arm")
        )
    )
    deal.refresh_from_db()
    assert Coverage.objects.current().get().owner == deal.owner
    assert deal.owner.username in {"rm2", "arm"}
    assert cast.PEOPLE[deal.owner.username][2] == "team"
