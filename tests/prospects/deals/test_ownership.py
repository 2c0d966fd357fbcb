"""Protection, its renewal by visits, new owners, the next step, renamed companies."""

import datetime as dt

import pytest

from crm.companies.models import Contact, Coverage
from crm.companies.services import add_name
from crm.kernel.contributions import Invariant, of
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion
from crm.kernel.outbox import deliver_pending
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.visits.models import Visit
from prospects.deals import rules, services
from prospects.deals.choices import Criterion, DealKind, Stage
from prospects.deals.models import Deal, DealEvent
from tests.cast import NOW
from tests.companies.making import covered
from tests.prospects.deals.making import TODAY, agreed, decider, in_stage, on_company, prospect, said
from tests.visits.making import log

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def after(days: int) -> dt.datetime:
    return NOW + days * DAY


def test_a_logged_visit_renews_the_protection_through_the_outbox(rm, still):
    deal = prospect(rm)
    log(rm, deal.company, now=NOW, at=NOW)
    Deal.objects.filter(pk=deal.pk).update(protected_until=TODAY + DAY)
    assert deliver_pending() == 0
    deal.refresh_from_db()
    assert (deal.protected_until, deal.last_activity_at) == (TODAY + 90 * DAY, NOW)


def test_an_activity_renews_ninety_days_and_twice_the_same_once(rm):
    deal = prospect(rm)
    for _ in range(2):
        services.record_activity(deal_id=deal.pk, at=after(40), actor=rm, now=after(41))
    deal.refresh_from_db()
    assert deal.protected_until == TODAY + 130 * DAY
    assert DealEvent.objects.filter(deal=deal, kind="activity").count() == 1


def test_a_call_that_nobody_took_renews_nothing(rm):
    deal = prospect(rm)
    visit = log(rm, deal.company, now=after(10), kind="call", two_way=False)
    services.renew_after_visit(visit_id=visit.pk, actor=rm, now=after(10))
    deal.refresh_from_db()
    assert deal.protected_until == TODAY + 90 * DAY


def test_without_qualification_protection_ends_after_twelve_months(rm):
    deal = prospect(rm)
    services.record_activity(deal_id=deal.pk, at=after(350), actor=rm, now=after(350))
    deal.refresh_from_db()
    assert deal.protected_until == dt.date(2027, 3, 4)
    in_stage(deal, Stage.QUALIFIED, qualified_at=after(360))
    services.record_activity(deal_id=deal.pk, at=after(361), actor=rm, now=after(361))
    deal.refresh_from_db()
    assert deal.protected_until == TODAY + 451 * DAY


def test_a_lapsed_lead_is_protected_anew_only_where_the_owner_has_room(bank, rm):
    deal = prospect(rm)
    Deal.objects.filter(pk=deal.pk).update(protected_until=TODAY - DAY)
    others = [prospect(rm, f"{name} {suffix}") for name in _NAMES[:10] for suffix in _NAMES[10:18]]
    assert len(others) == 80
    services.record_activity(deal_id=deal.pk, at=after(1), actor=rm, now=after(1))
    deal.refresh_from_db()
    assert deal.protected_until == TODAY - DAY
    services.lose(deal_id=others[0].pk, loss=rules.Loss("no_need"), actor=rm, now=after(1))
    services.record_activity(deal_id=deal.pk, at=after(2), actor=rm, now=after(2))
    deal.refresh_from_db()
    assert deal.protected_until == TODAY + 92 * DAY


_NAMES = (
    "Wahkong", "Dyeworks", "Pearl", "Harbour", "Luenfat", "Kaising", "Yickshing", "Manon", "Golden", "Ocean",
    "Logistics", "Asia", "Foods", "Precision", "Motors", "Medical", "Paper", "Power",
)  # fmt: skip


def test_a_full_owner_cannot_take_a_lead_back_from_later_stages(bank, rm):
    deal = in_stage(prospect(rm), Stage.QUALIFIED)
    for name in _NAMES[:10]:
        for suffix in _NAMES[10:18]:
            prospect(rm, f"{name} {suffix}")
    for act in (
        lambda: services.move_back(deal_id=deal.pk, to_stage=Stage.MET, reason="Not yet", actor=rm, now=NOW),
        lambda: services.nurture(deal_id=deal.pk, reason="Later", actor=rm, now=NOW),
    ):
        with pytest.raises(RuleBroken) as refusal:
            act()
        assert refusal.value.code == "lead_cap"


def test_a_head_gives_a_lead_to_another_owner_and_nothing_but_its_scope_moves(bank, rm, rm2, head):
    deal = prospect(rm, next_step="Call", next_step_on=TODAY + DAY)
    person, visit = decider(deal), log(rm, deal.company)
    agreed(bank, deal, Criterion.ATTEMPT)
    Deal.objects.filter(pk=deal.pk).update(protected_until=TODAY + DAY)
    services.assign(deal_id=deal.pk, owner_id=rm2.pk, reason="Sector", actor=head, now=NOW)
    deal.refresh_from_db()
    assert (deal.owner, deal.team, deal.protected_until) == (rm2, bank.team, TODAY + 90 * DAY)
    held = Coverage.objects.current().get(company=deal.company)
    assert (held.owner, held.post) == (rm2, bank.post("rm2"))
    assert WorkItem.objects.open().get(kind="deal_step").assignee == rm2
    assert set(TimelineRow.objects.filter(subject_type="deals.deal").values_list("owner_id", flat=True)) == {rm2.pk}
    assert (Visit.objects.get().pk, Visit.objects.get().owner, Contact.objects.get().pk) == (visit.pk, rm, person.pk)
    assert not Deal.objects.in_full(rm).exists()
    assert Deal.objects.in_full(rm2).exists()


@pytest.mark.parametrize("who", ["rm", "ho", "compliance"])
def test_who_heads_nobody_gives_nothing_away(bank, who):
    deal = prospect(bank.rm)
    with pytest.raises(NotAllowed, match="Only the team head or the centre head"):
        services.assign(deal_id=deal.pk, owner_id=bank.rm2.pk, reason="x", actor=bank.people[who], now=NOW)


def test_a_team_head_gives_within_the_team_and_a_centre_head_within_the_centre(bank, head, centre):
    deal = prospect(bank.rm)
    with pytest.raises(NotAllowed, match="does not belong"):
        services.assign(deal_id=deal.pk, owner_id=bank.sibling.pk, reason="x", actor=head, now=NOW)
    services.assign(deal_id=deal.pk, owner_id=bank.sibling.pk, reason="Sector", actor=centre, now=NOW)
    deal.refresh_from_db()
    assert (deal.owner, deal.team) == (bank.sibling, bank.team2)
    with pytest.raises(NotAllowed, match="does not belong"):
        services.assign(deal_id=deal.pk, owner_id=bank.outsider.pk, reason="x", actor=centre, now=NOW)


@pytest.mark.parametrize(("owner", "said"), [("rm", "Pick another owner"), ("head", "owned by a relationship manager")])
def test_whom_a_lead_is_not_given_to(bank, head, owner, said):
    deal = prospect(bank.rm)
    with pytest.raises((RuleBroken, NotAllowed), match=said):
        services.assign(deal_id=deal.pk, owner_id=bank.people[owner].pk, reason="x", actor=head, now=NOW)


def test_giving_away_needs_a_reason(bank, head):
    deal = prospect(bank.rm)
    with pytest.raises(RuleBroken, match="Say why"):
        services.assign(deal_id=deal.pk, owner_id=bank.rm2.pk, reason="  ", actor=head, now=NOW)


def test_what_belongs_to_a_client_goes_with_the_client(bank, rm, head):
    deal = on_company(rm, covered(bank, "Yau Tat Textiles"), kind=DealKind.EXISTING)
    with pytest.raises(RuleBroken) as refusal:
        services.assign(deal_id=deal.pk, owner_id=bank.rm2.pk, reason="x", actor=head, now=NOW)
    assert refusal.value.code == "client_already"


def test_a_change_is_versioned_and_leaves_an_event_with_both_values(rm):
    deal = prospect(rm, need="FX line")
    services.update_deal(deal_id=deal.pk, version=1, changes={"need": "Payroll"}, actor=rm, now=NOW)
    assert DealEvent.objects.latest("pk").facts == {"need": ["FX line", "Payroll"]}
    with pytest.raises(StaleVersion) as refusal:
        services.update_deal(deal_id=deal.pk, version=1, changes={"need": "LC"}, actor=rm, now=NOW)
    assert refusal.value.current["need"] == "Payroll"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": ""}, "source"),
        ({"source": "NOWHERE"}, "source"),
        ({"expected_income": "-1"}, "expected_income"),
        ({"kyc_prescore": "none"}, "kyc_prescore"),
        ({"decision_maker": 999}, "decision_maker"),
        ({"next_step": "Call"}, "next_step_on"),
        ({"next_step_on": TODAY}, "next_step"),
        ({"need": "x" * 301}, "need"),
    ],
)
def test_changes_that_are_refused_beside_their_field(rm, changes, field):
    deal = prospect(rm)
    with pytest.raises(RuleBroken) as refusal:
        services.update_deal(deal_id=deal.pk, version=1, changes=changes, actor=rm, now=NOW)
    assert set(refusal.value.fields) == {field}


def test_the_decision_maker_is_a_person_of_this_company(bank, rm):
    deal, other = prospect(rm), prospect(rm, "Dyeworks Asia")
    with pytest.raises(RuleBroken, match="of this company"):
        services.update_deal(deal_id=deal.pk, version=1, changes={"decision_maker": decider(other).pk}, actor=rm, now=NOW)


def test_the_next_step_is_ticked_off_and_taken_back(rm, rm2):
    deal = prospect(rm, next_step="Call", next_step_on=TODAY + DAY)
    item = WorkItem.objects.get(kind="deal_step")
    with pytest.raises(WorkItem.DoesNotExist):
        services.complete_next_step(item_id=item.pk, actor=rm2, now=NOW)
    services.complete_next_step(item_id=item.pk, actor=rm, now=NOW)
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_step_on) == ("", None)
    with pytest.raises(InvalidTransition):
        services.complete_next_step(item_id=item.pk, actor=rm, now=NOW)
    services.reopen_next_step(item_id=item.pk, actor=rm, now=NOW)
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_step_on) == ("Call", TODAY + DAY)


def test_a_new_next_step_replaces_the_one_before(rm):
    deal = prospect(rm, next_step="Call", next_step_on=TODAY)
    services.update_deal(deal_id=deal.pk, version=1, changes={"next_step": "Meet", "next_step_on": TODAY + DAY}, actor=rm, now=NOW)
    assert [item.title for item in WorkItem.objects.open()] == ["Meet"]


def test_lists_follow_a_renamed_company(rm):
    deal = prospect(rm, "Wah Kong Logistics")
    add_name(company_id=deal.company_id, text="Zenith Logistics", kind="legal", actor=rm, now=NOW)
    assert deliver_pending() == 0
    deal.refresh_from_db()
    assert deal.sort_key == deal.company.sort_key
    assert deal.sort_key.startswith("zenith")


def broken(code: str) -> list[str]:
    return list(next(item for item in of(Invariant) if item.code == code).broken())


def test_the_invariants_hold_through_the_course_of_a_deal_and_find_what_breaks_them(bank, rm):
    codes = [item.code for item in of(Invariant) if item.code.startswith("deals.")]
    deal, lost = in_stage(prospect(rm), Stage.CREDIT), prospect(rm, "Dyeworks Asia")
    agreed(bank, deal, Criterion.DECISION)
    services.advance(deal_id=deal.pk, to_stage=Stage.OFFER, actor=rm, now=NOW)
    services.lose(deal_id=lost.pk, loss=rules.Loss("price"), actor=rm, now=NOW)
    prospect(rm, "Pearl Estuary Foods")
    assert {code: broken(code) for code in codes} == {code: [] for code in codes}
    Coverage.objects.current().update(owner=bank.rm2)
    Deal.objects.update(sort_key="x")
    assert len(broken("deals.owner_covers")) == 2
    assert len(broken("deals.coverage_pursued")) == 1
    assert len(broken("deals.order")) == 3


def test_one_open_pursuit_is_also_a_constraint_of_the_database(rm):
    deal = prospect(rm)
    deal.pk = None
    with pytest.raises(Exception, match=r"UNIQUE|deals_one_open_pursuit"):
        Deal.objects.bulk_create([deal])


def test_a_statement_is_not_confirmed_by_who_stated_it_not_even_in_the_database(rm):
    deal = prospect(rm)
    row = services.state_evidence(deal_id=deal.pk, criterion=Criterion.SCREENING, statement=said(), actor=rm, now=NOW)
    with pytest.raises(Exception, match=r"CHECK|deals_evidence_four_eyes"):
        type(row).objects.filter(pk=row.pk).update(confirmed_by=rm, confirmed_at=NOW)
