"""Who sees which events, and the leave cover who sees what waits at another's desk."""

from crm.hospitality import services
from crm.hospitality.models import Batch, HospitalityRequest, Receipt
from tests.cast import NOW
from tests.crm.hospitality import making

SEE = {"rm2", "head", "centre", "ho", "ho2", "compliance", "compliance2", "finance", "auditor"}


def seen(bank):
    return {name for name, user in bank.people.items() if HospitalityRequest.objects.visible_to(user).exists()}


def test_an_event_is_seen_by_its_host_the_heads_and_those_who_check(bank, rm2):
    making.ask(rm2, making.client(bank), 1800)
    assert seen(bank) == SEE


def test_a_colleague_at_the_table_sees_it(bank, rm2, sibling):
    making.ask(rm2, making.client(bank), 1800, colleague_ids=(sibling.pk,))
    assert seen(bank) == SEE | {"sibling"}


def test_a_draft_is_its_hosts_alone(bank, rm2):
    company = making.client(bank)
    services.draft_request(actor=rm2, now=NOW, company_id=company.pk, wish=making.wish())
    assert seen(bank) == {"rm2"}


def test_receipts_follow_their_event_and_the_books_are_for_those_who_check(bank, rm2, finance, rm, head):
    event = making.claimed(making.report(making.ask(rm2, making.client(bank), 1800), making.bill("1234.00")))
    making.verified(event, finance)
    services.post_claims(actor=finance, now=making.AFTER)
    assert not Receipt.objects.visible_to(rm).exists()
    assert Receipt.objects.visible_to(head).exists()
    assert {name for name, user in bank.people.items() if Batch.objects.visible_to(user).exists()} == SEE - {"rm2", "head", "centre"}
