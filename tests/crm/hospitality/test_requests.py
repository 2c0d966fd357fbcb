"""Asking and deciding: every refusal with its reason, who decides, compliance first."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crm.hospitality import services
from crm.hospitality.choices import State
from crm.hospitality.models import HospitalityRequest, Step
from crm.hospitality.rules import Invited
from crm.kernel import contributions
from crm.kernel.contributions import PendingDecision
from crm.kernel.errors import NotAllowed, RuleBroken, StaleVersion
from crm.kernel.limits import Budget
from crm.kernel.worklist import WorkItem
from tests.cast import NOW
from tests.crm.hospitality import making
from tests.visits import making as visits

OFFICIAL = (Invited(name="Director Ho", title="Lands Department", official=True),)


def waiting(role):
    return list(WorkItem.objects.open().filter(role=role).values_list("kind", flat=True))


@pytest.fixture
def pending():
    """The bank has something to decide about every company whose id is in the list."""
    ids: list[int] = []
    source = PendingDecision("test", lambda company_ids, day: {pk: "An open concession" for pk in company_ids if pk in ids})
    contributions.register(source)
    yield ids
    contributions._registry[PendingDecision].remove(source)


def test_a_small_event_may_happen_and_reminds_the_host_to_report(bank, rm2):
    event = making.ask(rm2, making.client(bank), 1800)
    assert (event.state, event.needs, event.number) == (State.FREE, [], "HR-2026-0001")
    assert WorkItem.objects.get(kind="hospitality_report").assignee == rm2
    assert event.report_due_at == dt.datetime(2026, 3, 9, 9, 30, tzinfo=dt.UTC)


def test_a_larger_one_waits_in_the_queue_of_its_level(bank, rm2, head):
    event = making.ask(rm2, making.client(bank), 2500)
    item = WorkItem.objects.for_deciders(head).get(kind="hospitality_decide")
    assert (event.state, event.level, item.subject_id, item.unit) == (State.SUBMITTED, "TH", event.pk, bank.team)


def test_scenario_3_without_compliances_consent_an_official_is_not_approved_and_at_601_a_head_never(bank, rm2, head, compliance):
    company = making.client(bank)
    event = making.ask(rm2, company, 1200, guests=OFFICIAL)
    assert (waiting("COMP"), waiting("TH")) == (["hospitality_consent"], [])
    with pytest.raises(NotAllowed, match="Compliance consents first"):
        services.approve(event_id=event.pk, actor=head, now=NOW)
    with pytest.raises(NotAllowed, match="Compliance alone"):
        services.consent(event_id=event.pk, actor=head, now=NOW)
    services.consent(event_id=event.pk, actor=compliance, now=NOW)
    assert (waiting("COMP"), waiting("TH")) == ([], ["hospitality_decide"])
    assert services.approve(event_id=event.pk, actor=head, now=NOW).state == State.APPROVED
    with pytest.raises(RuleBroken, match="Nobody may approve it") as refused:
        making.ask(rm2, making.client(bank, name="Other"), "1202.00", guests=OFFICIAL)
    assert refused.value.code == "official_cap"


def test_scenario_3_at_601_a_head_not_even_a_team_head_approves_when_a_second_bill_is_added(bank, rm2, head, compliance):
    company = making.client(bank)
    first = making.ask(rm2, company, 1200, guests=OFFICIAL)
    services.consent(event_id=first.pk, actor=compliance, now=NOW)
    HospitalityRequest.objects.filter(pk=first.pk).update(estimate=Decimal("1202.00"))
    with pytest.raises(RuleBroken) as refused:
        services.approve(event_id=first.pk, actor=head, now=NOW)
    assert refused.value.code == "official_cap"


def test_consent_after_the_event_has_begun_is_none(bank, rm2, compliance):
    event = making.ask(rm2, making.client(bank), 1200, guests=OFFICIAL)
    with pytest.raises(RuleBroken, match="has begun"):
        services.consent(event_id=event.pk, actor=compliance, now=making.AFTER)


def test_an_official_who_comes_unannounced_is_the_hosts_own_cost(bank, rm2):
    event = making.report(making.ask(rm2, making.client(bank), 900), making.bill("900.00"), more=OFFICIAL)
    assert (event.paid, event.own_reason, event.has_official) == (0, "consent", True)
    with pytest.raises(RuleBroken, match="Nobody may grant"):
        services.ask_more(event_id=event.pk, actor=rm2, now=making.AFTER, amount=Decimal("900.00"), reason="x")


def test_once_an_official_always_an_official(bank, rm2, compliance, head):
    company = making.client(bank)
    person = visits.contact(company, "Mr Ho")
    making.ask(rm2, company, 900, guests=(Invited(contact_id=person.pk, official=True),))
    again = making.ask(rm2, company, 900, guests=(Invited(contact_id=person.pk),), at=making.TOMORROW + dt.timedelta(days=5))
    assert (again.has_official, again.needs_consent) == (True, True)


def test_bills_within_a_day_are_added_together(bank, rm2):
    company = making.client(bank)
    making.ask(rm2, company, 1500)
    second = making.ask(rm2, company, 1500, venue="Another place", kind="lunch", at=making.TOMORROW + dt.timedelta(hours=17))
    assert "split" in second.needs
    elsewhere = making.client(bank, name="Elsewhere")
    same_place = making.ask(rm2, elsewhere, 600, at=making.TOMORROW + dt.timedelta(hours=2))
    assert "split" in same_place.needs
    next_week = making.ask(rm2, elsewhere, 1500, at=making.TOMORROW + dt.timedelta(days=7))
    assert next_week.state == State.FREE


def test_a_colleagues_table_counts_once(bank, rm, rm2, head):
    company = making.client(bank)
    making.ask(rm2, company, 1500)
    with pytest.raises(RuleBroken) as refused:
        making.ask(head, company, 1500, at=making.TOMORROW + dt.timedelta(minutes=30), venue="HARBOUR  garden")
    assert refused.value.code == "same_table"


def test_a_pending_decision_about_the_client_goes_one_level_up_with_consent(bank, rm2, centre, head, compliance, pending):
    company = making.client(bank)
    pending.append(company.pk)
    event = making.ask(rm2, company, 900)
    assert (event.level, event.needs_consent, event.needs) == ("RCH", True, ["pending"])
    services.consent(event_id=event.pk, actor=compliance, now=NOW)
    with pytest.raises(NotAllowed, match="another level"):
        services.approve(event_id=event.pk, actor=head, now=NOW)
    assert services.approve(event_id=event.pk, actor=centre, now=NOW).decided_by == centre


def test_what_became_pending_meanwhile_is_asked_anew_when_it_is_decided(bank, rm2, head, pending):
    company = making.client(bank)
    event = making.ask(rm2, company, 2500)
    pending.append(company.pk)
    with pytest.raises(RuleBroken, match="Compliance consents first"):
        services.approve(event_id=event.pk, actor=head, now=NOW)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"estimate": 0}, "estimate"),
        ({"estimate": -5}, "estimate"),
        ({"estimate": "10.005"}, "estimate"),
        ({"estimate": 9_999_999}, "estimate"),
        ({"guests": ()}, "guests"),
        ({"guests": (Invited(name=" "),)}, "guests"),
        ({"guests": making.guests("A", "a")}, "guests"),
        ({"guests": tuple(Invited(name=f"Guest {number}") for number in range(200))}, "guests"),
        ({"guests": (Invited(contact_id=999_999),)}, "guests"),
        ({"at": NOW - dt.timedelta(days=45)}, "event_at"),
        ({"at": NOW + dt.timedelta(days=400)}, "event_at"),
        ({"venue": " "}, "venue"),
        ({"venue": "Casino Lisboa"}, "venue"),
        ({"note": "and a red packet"}, "note"),
        ({"kind": "karaoke"}, "kind"),
        ({"purpose": ""}, "purpose"),
        ({"note": "ask about the suspicious transaction"}, "note"),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_touches_nothing(bank, rm2, values, field):
    estimate = values.pop("estimate", 1800)
    with pytest.raises(RuleBroken) as refused:
        making.ask(rm2, making.client(bank), estimate, **values)
    assert field in refused.value.fields
    assert not HospitalityRequest.objects.exists()
    assert not Step.objects.exists()


def test_more_of_the_bank_than_guests_and_one_are_refused(bank, rm2, rm, arm, head):
    company = making.client(bank)
    one = making.guests("A")
    making.ask(rm2, company, 900, guests=one, colleague_ids=(rm.pk,))
    with pytest.raises(RuleBroken) as refused:
        making.ask(rm2, company, 900, guests=one, colleague_ids=(rm.pk, arm.pk), at=making.TOMORROW + dt.timedelta(days=3))
    assert "colleagues" in refused.value.fields


def test_who_does_not_look_after_the_company_invites_nobody(bank, rm2, sibling, finance, head2):
    company = making.client(bank)
    for user in (sibling, head2):
        with pytest.raises(NotAllowed, match="looks after"):
            making.ask(user, company, 900)
    with pytest.raises(NotAllowed):
        making.ask(finance, company, 900)


def test_nobody_decides_on_their_own_and_each_grades_own_goes_up(bank, head, centre, ho, ho2):
    company = making.client(bank, "rm2")
    own = making.ask(head, company, 2500)
    assert own.level == "RCH"
    with pytest.raises(NotAllowed, match="their own"):
        services.approve(event_id=own.pk, actor=head, now=NOW)
    centres = making.ask(centre, making.client(bank, "rm2", "B"), 2500, venue="B")
    assert centres.level == "HO"
    offices = making.ask(ho, making.client(bank, "rm2", "C"), 2500, venue="C")
    assert offices.level == "HO"
    with pytest.raises(NotAllowed, match="their own"):
        services.approve(event_id=offices.pk, actor=ho, now=NOW)
    assert services.approve(event_id=offices.pk, actor=ho2, now=NOW).decided_by == ho2


def test_a_head_at_the_table_does_not_decide_and_the_next_level_gets_it(bank, rm2, head, centre):
    event = making.ask(rm2, making.client(bank), 2500, colleague_ids=(head.pk,))
    assert event.level == "RCH"
    with pytest.raises(NotAllowed, match="sit at this table"):
        services.approve(event_id=event.pk, actor=head, now=NOW)
    assert services.approve(event_id=event.pk, actor=centre, now=NOW).state == State.APPROVED


def test_other_heads_and_other_roles_do_not_decide(bank, rm2, head2, outhead, finance, compliance):
    event = making.ask(rm2, making.client(bank), 2500)
    for user in (finance, compliance):
        with pytest.raises(NotAllowed, match="another level"):
            services.approve(event_id=event.pk, actor=user, now=NOW)
    for user in (head2, outhead):
        with pytest.raises(HospitalityRequest.DoesNotExist):
            services.approve(event_id=event.pk, actor=user, now=NOW)


def test_return_and_reject_need_a_reason_and_a_returned_one_can_be_handed_in_again(bank, rm2, head):
    event = making.ask(rm2, making.client(bank), 2500)
    with pytest.raises(RuleBroken) as refused:
        services.send_back(event_id=event.pk, actor=head, now=NOW, reason=" ")
    assert "reason" in refused.value.fields
    services.send_back(event_id=event.pk, actor=head, now=NOW, reason="Who is Mr Tat?")
    event.refresh_from_db()
    assert (event.state, waiting("TH")) == (State.RETURNED, [])
    with pytest.raises(StaleVersion):
        services.change_request(event_id=event.pk, actor=rm2, now=NOW, version=99, wish=making.wish(2400))
    again = services.change_request(event_id=event.pk, actor=rm2, now=NOW, version=event.version, wish=making.wish(2400), submit=True)
    assert (again.state, waiting("TH")) == (State.SUBMITTED, ["hospitality_decide"])
    services.send_back(event_id=event.pk, actor=head, now=NOW, reason="No", reject=True)
    with pytest.raises(NotAllowed):
        services.submit_request(event_id=event.pk, actor=rm2, now=NOW)


def test_passing_up_moves_the_queue_and_the_clock_does_it_too(bank, rm2, head, centre):
    event = making.ask(rm2, making.client(bank), 2500)
    services.pass_up(event_id=event.pk, actor=head, now=NOW, reason="Beyond me")
    assert (waiting("TH"), waiting("RCH")) == ([], ["hospitality_decide"])
    services.pass_up(event_id=event.pk, now=NOW)
    assert waiting("HO") == ["hospitality_decide"]
    with pytest.raises(RuleBroken, match="no level above"):
        services.pass_up(event_id=event.pk, now=NOW)


def test_what_nobody_decided_before_the_event_goes_back_and_is_reported_as_own_cost(bank, rm2, head):
    event = making.ask(rm2, making.client(bank), 2500)
    with pytest.raises(RuleBroken, match="has begun"):
        services.approve(event_id=event.pk, actor=head, now=making.AFTER)
    services.keep_terms(now=making.AFTER)
    event.refresh_from_db()
    assert event.state == State.RETURNED
    event = services.submit_request(event_id=event.pk, actor=rm2, now=making.AFTER)
    event = making.report(event, making.bill("2400.00"))
    assert (event.paid, event.own_reason) == (0, "unasked")


def test_the_database_itself_refuses_a_host_who_approves_and_an_approval_without_consent(bank, rm2, head):
    event = making.ask(rm2, making.client(bank), 1200, guests=OFFICIAL)
    for wrong in ({"decided_by": rm2}, {"approved": 1200, "decided_by": head}, {"consented_by": rm2}, {"paid": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HospitalityRequest.objects.filter(pk=event.pk).update(**wrong)


def test_mainland_hosts_have_their_own_figures_and_currency(bank, outsider, outhead):
    event = making.ask(outsider, making.client(bank, "outsider"), 2500)
    assert (event.currency, event.level) == ("CNY", "TH")
    services.approve(event_id=event.pk, actor=outhead, now=NOW)
    assert Budget.objects.get(scope="hospitality.month").cap == Decimal(5000)
