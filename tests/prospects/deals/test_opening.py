"""Taking up a prospect: who may, what blocks, what is taken over; and the question who covers a company."""

import datetime as dt

import pytest
from django.utils import timezone

from crm.companies.choices import CoverageKind
from crm.companies.models import Company, Coverage
from crm.companies.services import take_on
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.policy import services as policies
from crm.policy.rules import Proposal
from prospects.deals import rules, services
from prospects.deals.choices import CoverAnswer, DealEventKind, DealKind, Stage
from prospects.deals.models import CoverageCheck, Deal, DealEvent
from prospects.deals.selectors import full_under
from tests.cast import NOW, fresh
from tests.companies.making import company, covered
from tests.prospects.deals.making import ANOTHER, TODAY, USCC, facts, on_company, prospect

pytestmark = pytest.mark.django_db


def test_a_prospect_with_an_identity_key_begins_as_a_lead_that_is_protected_for_ninety_days(rm):
    deal = prospect(rm, numbers=(USCC,))
    assert (deal.stage, deal.owner, deal.team.name, deal.centre.name) == (Stage.LEAD, rm, "Kwun Tong Team", "Kowloon East")
    assert deal.protected_until == TODAY + dt.timedelta(days=90)
    assert deal.currency == "HKD"
    assert deal.sort_key == deal.company.sort_key


def test_a_name_alone_is_a_suspect(rm):
    assert prospect(rm).stage == Stage.SUSPECT


def test_opening_leaves_coverage_an_event_a_timeline_row_and_the_next_step_as_work(rm):
    deal = prospect(rm, next_step="Call the CFO", next_step_on=dt.date(2026, 3, 6))
    assert Coverage.objects.get(company=deal.company).owner == rm
    event = DealEvent.objects.get(deal=deal)
    assert (event.kind, event.actor, event.post.user, event.at) == (DealEventKind.OPENED, rm, rm, NOW)
    assert TimelineRow.objects.get(company=deal.company, kind="deal_opened").owner == rm
    item = WorkItem.objects.get(company=deal.company)
    assert (item.title, item.assignee, item.due_at) == ("Call the CFO", rm, dt.datetime(2026, 3, 6, 9, 30, tzinfo=dt.UTC))


def test_a_team_head_takes_up_for_somebody_of_the_team_and_for_nobody_else(bank, head):
    assert prospect(head, owner_id=bank.rm2.pk).owner == bank.rm2
    with pytest.raises(NotAllowed, match="your team"):
        prospect(head, "Dyeworks Asia", owner_id=bank.outsider.pk)


def test_a_relationship_manager_does_not_take_up_for_a_colleague(bank, rm):
    with pytest.raises(NotAllowed, match="for yourself"):
        prospect(rm, owner_id=bank.rm2.pk)


def test_only_relationship_managers_own_prospects(head):
    with pytest.raises(NotAllowed, match="owned by a relationship manager"):
        prospect(head)


@pytest.mark.parametrize("who", ["centre", "ho", "compliance", "auditor", "analyst", "lobby", "finance", "editor", "admin", "ops"])
def test_all_others_take_up_nothing(bank, who):
    with pytest.raises(NotAllowed, match="Relationship managers and team heads"):
        prospect(bank.people[who])
    assert not Deal.objects.exists()


def test_a_source_is_needed(rm):
    with pytest.raises(RuleBroken, match="how we came"):
        prospect(rm, source="")


def test_a_next_step_needs_its_day(rm):
    with pytest.raises(RuleBroken) as refusal:
        prospect(rm, next_step="Call")
    assert "next_step_on" in refusal.value.fields


def test_the_same_key_of_another_owner_is_refused_without_a_name(bank, outsider):
    prospect(bank.rm, numbers=(USCC,))
    with pytest.raises(RuleBroken) as refusal:
        prospect(outsider, "深圳市興發貿易有限公司", numbers=(USCC,))
    assert refusal.value.code == "owned"
    assert "Ask your team head" in str(refusal.value)
    assert bank.rm.name not in str(refusal.value)
    assert (Deal.objects.count(), Company.objects.count()) == (1, 1)


def test_within_ones_reach_the_owner_is_named(bank, head):
    prospect(bank.rm, numbers=(USCC,))
    with pytest.raises(RuleBroken, match=r"Rm Lau looks after this company"):
        prospect(head, "Another name", numbers=(USCC,), owner_id=bank.rm2.pk)


def test_a_company_of_the_directory_that_nobody_covers_is_taken_over_not_doubled(bank, rm2):
    known = company(bank, "Tencent Holdings Limited", numbers=(ANOTHER,))
    deal = prospect(rm2, "Tencent", numbers=(ANOTHER,), source="LISTCO")
    assert deal.company == known
    assert Company.objects.count() == 1


def test_a_likeness_of_eighty_five_blocks(bank, rm2):
    company(bank, "Wah Kong Logistics Limited", phone="+852 2345 6789")
    with pytest.raises(RuleBroken) as refusal:
        services.start_prospect(
            facts=facts("Wah Kong Logistics", phone="2345 6789"), terms=rules.Terms("COLD"), actor=rm2, now=NOW, not_same_because="I say so"
        )
    assert refusal.value.code == "duplicate"
    assert not Deal.objects.exists()


def test_a_likeness_below_that_asks_why_it_is_not_the_same_and_keeps_the_answer(bank, rm2):
    company(bank, "Wah Kong Logistics Limited")
    stated = facts("Wah Kong Logistics")
    with pytest.raises(RuleBroken) as refusal:
        services.start_prospect(facts=stated, terms=rules.Terms("COLD"), actor=rm2, now=NOW)
    assert refusal.value.code == "candidates"
    assert "not_same_because" in refusal.value.fields
    deal = services.start_prospect(facts=stated, terms=rules.Terms("COLD"), actor=rm2, now=NOW, not_same_because="Another owner, in Macau")
    assert deal.not_same_because == "Another owner, in Macau"


def test_an_unlike_name_passes(bank, rm2):
    company(bank, "Pearl Estuary Foods Limited")
    terms = rules.Terms("COLD")
    assert services.start_prospect(facts=facts("Harbour Precision Electronics"), terms=terms, actor=rm2, now=NOW).pk


def test_a_wrong_check_digit_is_refused_beside_the_number(rm):
    bad = type(USCC)(USCC.kind, "91440300708461136X")
    with pytest.raises(RuleBroken) as refusal:
        prospect(rm, numbers=(bad,))
    assert "identifiers" in refusal.value.fields


def test_a_client_is_not_pursued_as_new_but_for_more_business_by_its_owner_alone(bank, rm, rm2):
    client = covered(bank, "Yau Tat Textiles")
    with pytest.raises(RuleBroken) as refusal:
        on_company(rm, client)
    assert refusal.value.code == "owned"
    with pytest.raises(RuleBroken, match="Only whoever looks after a client"):
        on_company(rm2, client, kind=DealKind.EXISTING)
    assert on_company(rm, client, kind=DealKind.EXISTING).stage == Stage.SUSPECT
    assert Coverage.objects.current().filter(company=client).count() == 1


def test_one_company_has_one_open_pursuit_even_where_coverage_was_lost(bank, rm, rm2):
    deal = prospect(rm)
    Coverage.objects.filter(company=deal.company).update(to_at=NOW)
    with pytest.raises(RuleBroken) as refusal:
        on_company(rm2, deal.company)
    assert refusal.value.code == "owned"
    assert Deal.objects.count() == 1


@pytest.mark.parametrize(("who", "cap"), [("arm", 150), ("rm2", 120), ("rm", 80)])
def test_one_lead_more_than_the_cap_is_refused(bank, who, cap):
    owner = bank.people[who]
    _fill(bank, owner, cap - 1)
    prospect(owner, "The last one that fits")
    with pytest.raises(RuleBroken, match=f"holds {cap} open leads; the most is {cap}") as refusal:
        prospect(owner, "Pearl Estuary Foods")
    assert refusal.value.code == "lead_cap"
    assert Deal.objects.filter(owner=owner).count() == cap


def test_a_lower_cap_of_ones_own_is_kept_and_the_proposal_says_who_is_full(bank, now):
    person, today = fresh(bank.rm2), timezone.localdate(now)
    _fill(bank, person, 3)
    proposal = Proposal("deals.lead_cap", {"RM": 3}, today, "Leads are left lying", person_id=person.pk)
    change = policies.propose_change(actor=bank.head, now=now, proposal=proposal)
    policies.approve_change(change_id=change.pk, actor=bank.centre, now=now)
    with pytest.raises(RuleBroken, match="holds 3 open leads; the most is 3"):
        prospect(person, "Pearl Estuary Foods")
    told = {"jurisdiction": "", "since": today, "until": today}
    assert full_under(proposed={"RM": 3, "ARM": 1}, **told) == [
        "Relationship manager: 1 person holds 3 or more leads today and would get no new one.",
        "Assistant relationship manager: 0 people hold 1 or more leads today and would get no new one.",
    ]
    assert full_under(proposed={"RM": 4}, **told)[0].startswith("Relationship manager: 0 people")
    assert full_under(proposed={"RM": 3}, **told | {"jurisdiction": "CN"})[0].startswith("Relationship manager: 0 people")


def test_what_the_cap_does_not_count(bank, rm):
    _fill(bank, rm, 80)
    some = list(Deal.objects.filter(owner=rm)[:4])
    for deal, columns in zip(
        some,
        (
            {"stage": Stage.QUALIFIED},
            {"protected_until": TODAY - dt.timedelta(days=1)},
            {"stage": Stage.LOST, "closed_at": NOW, "lost_reason": "price", "revisit_on": TODAY},
            {"kind": DealKind.EXISTING},
        ),
        strict=True,
    ):
        Deal.objects.filter(pk=deal.pk).update(**columns)
    for name in ("Harbour Precision", "Pearl Estuary Foods", "Dyeworks Asia", "Kai Sing Medical"):
        prospect(rm, name)
    with pytest.raises(RuleBroken):
        prospect(rm, "Luen Fat Motors")


def test_who_covers_says_clear_for_what_nobody_covers(bank, rm2):
    known = company(bank, "Pearl Estuary Foods")
    assert services.ask_coverage(asked="pearl", actor=rm2, now=NOW).answer == CoverAnswer.CLEAR
    assert services.ask_coverage(asked="No such company at all", actor=rm2, now=NOW).answer == CoverAnswer.CLEAR
    assert services.ask_coverage(asked=known.name_en, company_id=known.pk, actor=rm2, now=NOW).owner is None


def test_who_covers_asks_which_of_several_companies_is_meant_and_answers_of_that_one(bank, browse, rm2):
    covered = prospect(bank.rm, "Ocean Power").company
    free = company(bank, "Keen Ocean")
    browser = browse(rm2)
    asked = browser.post("/prospects/who-covers/", {"asked": "ocean"})
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "Several companies are found" in page
    assert page.index("Ocean Power") < page.index("Keen Ocean")
    assert not CoverageCheck.objects.exists()
    for one in (covered, free):
        answer = browser.post("/prospects/who-covers/", {"asked": "ocean", "company": one.pk}, follow=True).content.decode()
        assert f"{one.name_en}: " in answer
    assert list(CoverageCheck.objects.order_by("pk").values_list("company", "answer")) == [
        (covered.pk, CoverAnswer.COVERED), (free.pk, CoverAnswer.CLEAR)
    ]  # fmt: skip
    assert "No company is known" in browser.post("/prospects/who-covers/", {"asked": "zzzzzz"}, follow=True).content.decode()


def test_who_covers_says_covered_and_names_nobody_outside_ones_reach(bank, outsider):
    prospect(bank.rm, "Pearl Estuary Foods", numbers=(USCC,))
    for asked in ("pearl estuary", "Pearl Estuary Food Co", USCC.value):
        found = services.ask_coverage(asked=asked, actor=outsider, now=NOW)
        assert (found.answer, found.owner) == (CoverAnswer.COVERED, None)


def test_who_covers_names_the_owner_within_ones_reach(bank, head):
    prospect(bank.rm, "Pearl Estuary Foods")
    found = services.ask_coverage(asked="pearl", actor=head, now=NOW)
    assert (found.answer, found.owner) == (CoverAnswer.OWN, bank.rm)


def test_each_question_is_logged_with_who_asked_and_what_was_answered(bank, outsider, compliance, auditor):
    deal = prospect(bank.rm, "Pearl Estuary Foods")
    services.ask_coverage(asked="pearl", actor=outsider, now=NOW)
    row = CoverageCheck.objects.get()
    assert (row.actor, row.asked, row.company, row.answer, row.at) == (outsider, "pearl", deal.company, CoverAnswer.COVERED, NOW)
    assert not CoverageCheck.objects.visible_to(bank.rm).exists()
    assert all(CoverageCheck.objects.visible_to(who).exists() for who in (outsider, compliance, auditor))


@pytest.mark.parametrize("who", ["analyst", "finance", "lobby", "admin", "auditor", "editor"])
def test_those_who_look_for_no_clients_do_not_ask(bank, who):
    with pytest.raises(NotAllowed):
        services.ask_coverage(asked="pearl", actor=bank.people[who], now=NOW)
    assert not CoverageCheck.objects.exists()


def test_coverage_written_by_somebody_else_meanwhile_refuses_as_owned(bank, rm2):
    known = company(bank, "Pearl Estuary Foods")
    take_on(company=known, kind=CoverageKind.PROSPECT, post=bank.post("outsider"), actor=bank.outsider, now=NOW)
    with pytest.raises(RuleBroken) as refusal:
        on_company(fresh(rm2), known)
    assert refusal.value.code == "owned"
    assert bank.outsider.name not in str(refusal.value)


def _fill(bank, owner, count: int) -> None:
    """Leads that stand there already, without the cost of opening each."""
    post = bank.post(owner.username)
    companies = Company.objects.bulk_create(Company(name_en=f"Lead {n}", sort_key=f"lead {n}") for n in range(count))
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
            owner=owner,
            team=post.unit,
            centre=post.unit.centre,
        )
        for one in companies
    )
