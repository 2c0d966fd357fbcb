"""Two at once: who waited for a company reads what stands when its turn comes (on PostgreSQL; SQLite lets no two write)."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from crm.clients import services as clients
from crm.clients.choices import KycRisk
from crm.clients.models import Client
from crm.companies.models import Company
from crm.visits import services
from crm.visits.models import Visit
from crm.visits.services import traces
from tests.cast import NOW, fresh
from tests.visits import making

pytestmark = pytest.mark.django_db(transaction=True)


def one_after_the_other(first: Callable[[], Any], second: Callable[[], Any], *, after: Callable[[], Any] = bool) -> list[Any]:
    """`second` begins while `first` has done its work and not yet committed; `first` goes on with `after`. What each returned or raised."""
    begun, answers = threading.Event(), [None, None]

    def slowly() -> Any:
        with transaction.atomic():
            answer = first()
            begun.set()
            time.sleep(0.5)
            after()
        return answer

    def meanwhile() -> Any:
        assert begun.wait(30)
        with transaction.atomic():
            return second()

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate((slowly, meanwhile))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_a_company_that_became_a_client_while_one_waited_for_it_is_one(bank) -> None:
    client = making.client(bank)
    row = {field.attname: getattr(client, field.attname) for field in Client._meta.concrete_fields}
    Client.objects.all().delete()

    def become() -> None:
        traces.locked_company(actor=fresh(bank.rm), company_id=client.company_id)
        Client.objects.create(**row)

    _done, company = one_after_the_other(become, lambda: traces.locked_company(actor=fresh(bank.rm), company_id=client.company_id))
    assert traces.tier_of(company) == "B"


def test_a_client_that_moved_to_another_centre_while_one_waited_for_it_is_still_found(bank) -> None:
    client = making.client(bank)

    def move() -> None:
        moved = Client.objects.select_for_update().get(pk=client.pk)
        moved.team, moved.centre = bank.far_team, bank.far_centre
        moved.save()

    def review() -> Client:
        return clients.review_kyc(
            client_id=client.pk, risk=KycRisk.LOW, reviewed_on=making.NOW.date(), actor=fresh(bank.compliance), now=NOW
        )

    _done, reviewed = one_after_the_other(move, review)
    assert isinstance(reviewed, Client), reviewed
    assert reviewed.centre == bank.far_centre


def test_who_changes_a_visit_and_who_logs_another_with_the_company_do_not_wait_for_each_other_for_ever(bank) -> None:
    company = making.client(bank).company
    visit = making.log(bank.rm, company)

    def log() -> Visit:
        return making.log(fresh(bank.rm), Company.objects.get(pk=company.pk), summary="Another")

    def go_on() -> None:
        Visit.objects.select_for_update().get(pk=visit.pk)

    def change() -> Visit:
        return services.change_visit(visit_id=visit.pk, actor=fresh(bank.rm), now=NOW, version=1, entry=making.entry(summary="Put right"))

    assert [type(answer) for answer in one_after_the_other(log, change, after=go_on)] == [Visit, Visit]
