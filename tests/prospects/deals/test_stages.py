"""Moving deals: each stage's criteria, four eyes, back, lost, nurture, and winning the client."""

import datetime as dt
from decimal import Decimal

import pytest

from crm.clients.choices import ClientStatus
from crm.clients.models import Client
from crm.companies.choices import ConsentBasis, CoverageKind
from crm.companies.models import Contact, Coverage
from crm.companies.rules import NewAddress
from crm.companies.services import add_address
from crm.kernel.contributions import StageEvidence, _registry, register
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.visits.models import Visit
from prospects.deals import rules, services
from prospects.deals.choices import Criterion, DealEventKind, DealKind, LostReason, Stage
from prospects.deals.models import Deal, DealEvent
from tests.cast import NOW
from tests.companies.making import covered
from tests.prospects.deals.making import TODAY, USCC, agreed, decider, evidence, in_stage, on_company, prospect, said
from tests.visits.making import log

pytestmark = pytest.mark.django_db


def move(deal: Deal, to: Stage, *, by=None, **answers) -> services.Advance:
    return services.advance(deal_id=deal.pk, to_stage=to, actor=by or deal.owner, now=NOW, answers=rules.Answers(**answers))


def missing(deal: Deal, to: Stage) -> set[str]:
    with pytest.raises(RuleBroken) as refusal:
        move(deal, to)
    assert refusal.value.code == "criteria_missing"
    return set(refusal.value.fields)


def test_a_suspect_leaves_its_stage_once_it_has_an_address(rm):
    deal = prospect(rm)
    assert missing(deal, Stage.LEAD) == {"identity"}
    add_address(company_id=deal.company_id, address=NewAddress(text_en="1 Hung To Road"), actor=rm, now=NOW)
    assert move(deal, Stage.LEAD).moved


def test_an_identity_number_may_be_given_with_the_move(rm):
    deal = prospect(rm)
    assert move(deal, Stage.LEAD, identifier=USCC).moved
    assert deal.company.identifiers.get().value == USCC.value


def test_a_lead_needs_a_first_attempt_that_is_stated_or_logged(rm):
    stated, logged = prospect(rm, numbers=(USCC,)), in_stage(prospect(rm, "Dyeworks Asia"), Stage.LEAD)
    assert missing(stated, Stage.CONTACTED) == {"attempt_text"}
    assert move(stated, Stage.CONTACTED, statements={Criterion.ATTEMPT: said("Called, no answer")}).moved
    log(rm, logged.company, kind="call", two_way=False)
    assert move(logged, Stage.CONTACTED).moved


def test_contacted_needs_the_decision_maker_the_need_and_consent(rm):
    deal = in_stage(prospect(rm), Stage.CONTACTED)
    assert missing(deal, Stage.MET) == {"decision_maker", "need", "consent"}
    silent = decider(deal, consent=False)
    services.update_deal(deal_id=deal.pk, version=1, changes={"decision_maker": silent.pk, "need": "FX line"}, actor=rm, now=NOW)
    assert missing(deal, Stage.MET) == {"consent"}
    assert move(deal, Stage.MET, consent=(ConsentBasis.NO_OBJECTION, None)).moved
    silent.refresh_from_db()
    assert (silent.consent_basis, silent.consent_on) == (ConsentBasis.NO_OBJECTION, TODAY)


def test_a_new_person_who_decides_may_be_given_with_the_move(rm):
    deal = in_stage(prospect(rm), Stage.CONTACTED)
    contact = {"name_en": "Mr Ho", "consent_basis": ConsentBasis.CONSENT, "consent_on": TODAY}
    assert move(deal, Stage.MET, values={"need": "FX line"}, contact=contact).moved
    deal.refresh_from_db()
    assert deal.decision_maker == Contact.objects.get(company=deal.company)
    assert deal.decision_maker.is_decision_maker


def test_met_needs_the_visit_log_and_four_facts(rm):
    deal = in_stage(prospect(rm), Stage.MET)
    assert missing(deal, Stage.QUALIFIED) == {"visit_log", "business", "banks_used", "need", "size"}
    log(rm, deal.company)
    known = {"business": "Textiles", "banks_used": "Two others", "need": "LC line", "size": "HKD 200m, 140 staff"}
    assert move(deal, Stage.QUALIFIED, values=known).moved
    deal.refresh_from_db()
    assert (deal.qualified_at, deal.size) == (NOW, known["size"])


def test_a_call_and_a_courtesy_visit_are_no_visit_log(rm):
    known = {"business": "Textiles", "banks_used": "Two", "need": "LC line", "size": "140 staff"}
    deal = in_stage(prospect(rm), Stage.MET, **known)
    log(rm, deal.company, kind="call")
    log(rm, deal.company, purpose="courtesy")
    assert missing(deal, Stage.QUALIFIED) == {"visit_log"}


def test_qualified_needs_screening_appetite_prescore_and_thirty_thousand_a_year(bank, rm):
    deal = in_stage(prospect(rm), Stage.QUALIFIED)
    assert missing(deal, Stage.PROPOSAL) == {"screening_text", "appetite_text", "kyc_prescore", "expected_income"}
    agreed(bank, deal, Criterion.SCREENING, Criterion.APPETITE)
    with pytest.raises(RuleBroken) as refusal:
        move(deal, Stage.PROPOSAL, values={"kyc_prescore": "low", "expected_income": Decimal("29999.99")})
    assert set(refusal.value.fields) == {"expected_income"}
    assert move(deal, Stage.PROPOSAL, values={"kyc_prescore": "low", "expected_income": Decimal("30000.00")}).moved


def test_what_is_refused_keeps_nothing_of_what_came_with_it(rm):
    deal = in_stage(prospect(rm), Stage.QUALIFIED)
    with pytest.raises(RuleBroken):
        move(deal, Stage.PROPOSAL, values={"kyc_prescore": "low"}, statements={Criterion.APPETITE: said()})
    deal.refresh_from_db()
    assert (deal.kyc_prescore, deal.evidence.count(), deal.stage) == ("", 0, Stage.QUALIFIED)


def test_a_statement_for_four_eyes_is_kept_and_waits_for_the_team_head(bank, rm, head):
    deal = in_stage(prospect(rm), Stage.PROPOSAL)
    given = {Criterion.INTEREST: said("Mail of 3 March"), Criterion.ONBOARDING: said("Pack YT-2026-03 handed off")}
    answer = move(deal, Stage.CREDIT, statements=given)
    assert (answer.moved, [line.criterion for line in answer.waiting]) == (False, [Criterion.ONBOARDING])
    deal.refresh_from_db()
    assert deal.stage == Stage.PROPOSAL
    item = WorkItem.objects.visible_to(head).get(kind="deal_evidence")
    assert (item.unit, item.role, item.title) == (bank.team, "TH", "Pack YT-2026-03 handed off")
    services.confirm_evidence(evidence_id=evidence(deal, Criterion.ONBOARDING).pk, actor=head, now=NOW)
    item.refresh_from_db()
    assert (item.state, item.closed_by) == ("done", head)
    assert move(deal, Stage.CREDIT).moved


def test_who_stated_it_does_not_confirm_it(bank, rm, head, centre):
    deal = in_stage(prospect(rm), Stage.QUALIFIED)
    row = services.state_evidence(deal_id=deal.pk, criterion=Criterion.SCREENING, statement=said(), actor=head, now=NOW)
    with pytest.raises(NotAllowed, match="Who stated it"):
        services.confirm_evidence(evidence_id=row.pk, actor=head, now=NOW)
    assert WorkItem.objects.get(kind="deal_evidence").role == "RCH"
    assert services.confirm_evidence(evidence_id=row.pk, actor=centre, now=NOW).confirmed_by == centre


@pytest.mark.parametrize("who", ["rm", "ho", "compliance", "auditor"])
def test_nobody_but_the_heads_confirms(bank, who):
    deal = in_stage(prospect(bank.rm), Stage.QUALIFIED)
    row = services.state_evidence(deal_id=deal.pk, criterion=Criterion.SCREENING, statement=said(), actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed):
        services.confirm_evidence(evidence_id=row.pk, actor=bank.people[who], now=NOW)


@pytest.mark.parametrize("who", ["head2", "outhead", "rm2"])
def test_for_those_out_of_reach_the_evidence_is_not_there(bank, who):
    deal = in_stage(prospect(bank.rm), Stage.QUALIFIED)
    row = services.state_evidence(deal_id=deal.pk, criterion=Criterion.SCREENING, statement=said(), actor=bank.rm, now=NOW)
    with pytest.raises(type(row).DoesNotExist):
        services.confirm_evidence(evidence_id=row.pk, actor=bank.people[who], now=NOW)


def test_what_is_declined_says_why_and_may_be_stated_anew(bank, rm, head):
    deal = in_stage(prospect(rm), Stage.PROPOSAL, kyc_prescore="low")
    row = services.state_evidence(deal_id=deal.pk, criterion=Criterion.ONBOARDING, statement=said(), actor=rm, now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        services.decline_evidence(evidence_id=row.pk, reason=" ", actor=head, now=NOW)
    services.decline_evidence(evidence_id=row.pk, reason="The pack lacks the audited accounts", actor=head, now=NOW)
    with pytest.raises(InvalidTransition):
        services.confirm_evidence(evidence_id=row.pk, actor=head, now=NOW)
    assert missing(deal, Stage.CREDIT) == {"interest_text", "onboarding_text"}
    again = services.state_evidence(deal_id=deal.pk, criterion=Criterion.ONBOARDING, statement=said("Complete now"), actor=rm, now=NOW)
    assert services.confirm_evidence(evidence_id=again.pk, actor=head, now=NOW).confirmed_at == NOW
    with pytest.raises(InvalidTransition, match="confirmed already"):
        services.state_evidence(deal_id=deal.pk, criterion=Criterion.ONBOARDING, statement=said(), actor=rm, now=NOW)


@pytest.mark.parametrize(
    ("criterion", "statement", "field"),
    [
        (Criterion.APPETITE, rules.Statement("", TODAY), "appetite_text"),
        (Criterion.APPETITE, rules.Statement("Yes", TODAY + dt.timedelta(days=1)), "appetite_on"),
        (Criterion.APPETITE, rules.Statement("A suspicious transaction report was made", TODAY), "appetite_text"),
    ],
)
def test_statements_that_are_refused(rm, criterion, statement, field):
    deal = prospect(rm)
    with pytest.raises(RuleBroken) as refusal:
        services.state_evidence(deal_id=deal.pk, criterion=criterion, statement=statement, actor=rm, now=NOW)
    assert set(refusal.value.fields) == {field}


def test_what_the_deal_itself_shows_is_not_stated(rm):
    deal = prospect(rm)
    with pytest.raises(RuleBroken) as refusal:
        services.state_evidence(deal_id=deal.pk, criterion=Criterion.NEED, statement=said(), actor=rm, now=NOW)
    assert refusal.value.code == "not_stated"


def test_a_feature_that_proves_a_criterion_takes_over_from_the_statement(rm):
    deal = in_stage(prospect(rm), Stage.CREDIT)
    proof = StageEvidence(Criterion.DECISION, lambda company_id: "Decided" if company_id == deal.company_id else None)
    assert missing(deal, Stage.OFFER) == {"decision_text"}
    register(proof)
    try:
        assert move(deal, Stage.OFFER).moved
    finally:
        _registry[StageEvidence].remove(proof)


def test_skipping_forward_asks_for_all_that_is_missing_on_the_way(rm):
    deal = in_stage(prospect(rm), Stage.LEAD)
    assert missing(deal, Stage.QUALIFIED) == {
        "attempt_text", "decision_maker", "need", "consent", "visit_log", "business", "banks_used", "size",
    }  # fmt: skip


def test_a_credit_free_deal_opens_accounts_and_is_won_without_an_offer(bank, rm):
    deal = in_stage(prospect(rm, credit_free=True), Stage.PROPOSAL)
    agreed(bank, deal, Criterion.INTEREST, Criterion.ONBOARDING, Criterion.DECISION, Criterion.FIRST_INCOME)
    assert move(deal, Stage.CREDIT).moved
    assert move(deal, Stage.WON).moved


def test_leaving_the_credit_stage_makes_the_client_and_moves_no_row(bank, rm):
    deal = in_stage(prospect(rm, kyc_prescore="high"), Stage.CREDIT)
    person, visit = decider(deal), log(rm, deal.company)
    rows = [
        {str(row) for row in model.objects.filter(company=deal.company).values_list("pk", "company_id")}
        for model in (Visit, Contact, TimelineRow)
    ]
    agreed(bank, deal, Criterion.DECISION)
    assert not Client.objects.exists()
    assert move(deal, Stage.OFFER).moved
    client = Client.objects.get()
    assert (client.company, client.owner, client.status, client.kyc_risk) == (deal.company, rm, ClientStatus.ONBOARDING, "high")
    held = Coverage.objects.current().get(company=deal.company)
    assert (held.kind, held.owner) == (CoverageKind.CLIENT, rm)
    after = [
        {str(row) for row in model.objects.filter(company=deal.company).values_list("pk", "company_id")}
        for model in (Visit, Contact, TimelineRow)
    ]
    assert all(before <= now for before, now in zip(rows, after, strict=True))
    visit.refresh_from_db()
    person.refresh_from_db()
    assert visit.company_id == person.company_id == deal.company_id
    assert Deal.objects.get(pk=deal.pk).is_open


def test_won_needs_acceptance_and_the_first_income_closes_the_deal_and_wakes_the_client(bank, rm):
    deal = in_stage(prospect(rm, next_step="Sign", next_step_on=TODAY), Stage.CREDIT)
    agreed(bank, deal, Criterion.DECISION)
    move(deal, Stage.OFFER)
    assert missing(deal, Stage.WON) == {"acceptance_text", "first_income_text"}
    agreed(bank, deal, Criterion.ACCEPTANCE, Criterion.FIRST_INCOME)
    assert move(deal, Stage.WON).moved
    deal.refresh_from_db()
    assert (deal.stage, deal.closed_at) == (Stage.WON, NOW)
    assert Client.objects.get().status == ClientStatus.ACTIVE
    assert not WorkItem.objects.open().filter(kind__startswith="deal").exists()
    with pytest.raises(NotAllowed, match="won or lost"):
        services.move_back(deal_id=deal.pk, to_stage=Stage.OFFER, reason="No", actor=rm, now=NOW)


def test_the_client_is_made_once_though_the_deal_goes_back_and_comes_again(bank, rm):
    deal = in_stage(prospect(rm), Stage.CREDIT)
    agreed(bank, deal, Criterion.DECISION)
    move(deal, Stage.OFFER)
    services.move_back(deal_id=deal.pk, to_stage=Stage.CREDIT, reason="Terms to be agreed anew", actor=rm, now=NOW)
    assert move(deal, Stage.OFFER).moved
    assert Client.objects.count() == 1


def test_more_business_with_a_client_makes_no_client(bank, rm):
    deal = in_stage(on_company(rm, covered(bank, "Yau Tat Textiles"), kind=DealKind.EXISTING), Stage.CREDIT)
    agreed(bank, deal, Criterion.DECISION)
    assert move(deal, Stage.OFFER).moved
    assert not Client.objects.exists()


@pytest.mark.parametrize("to", [Stage.CONTACTED, Stage.LEAD, Stage.LOST, Stage.NURTURE])
def test_advancing_leads_forward_only(rm, to):
    deal = in_stage(prospect(rm), Stage.CONTACTED)
    with pytest.raises(InvalidTransition):
        move(deal, to)


def test_moving_back_needs_a_reason_and_leaves_an_event(rm):
    deal = in_stage(prospect(rm), Stage.MET)
    with pytest.raises(RuleBroken, match="Say why"):
        services.move_back(deal_id=deal.pk, to_stage=Stage.LEAD, reason="", actor=rm, now=NOW)
    services.move_back(deal_id=deal.pk, to_stage=Stage.LEAD, reason="The CFO left", actor=rm, now=NOW)
    event = DealEvent.objects.filter(deal=deal).latest("pk")
    assert (event.kind, event.from_stage, event.to_stage, event.reason) == (DealEventKind.MOVED_BACK, "S3", "S1", "The CFO left")
    with pytest.raises(InvalidTransition):
        services.move_back(deal_id=deal.pk, to_stage=Stage.MET, reason="Forward", actor=rm, now=NOW)


def test_a_loss_needs_a_reason_frees_the_company_and_is_looked_at_again_after_180_days(rm, rm2):
    deal = prospect(rm, next_step="Call", next_step_on=TODAY)
    with pytest.raises(RuleBroken, match="why it is lost"):
        services.lose(deal_id=deal.pk, loss=rules.Loss("no such"), actor=rm, now=NOW)
    with pytest.raises(RuleBroken, match="still to come"):
        services.lose(deal_id=deal.pk, loss=rules.Loss(LostReason.PRICE, revisit_on=TODAY), actor=rm, now=NOW)
    loss = rules.Loss(LostReason.PRICE, competitor="Harbour Bank", price_gap_bps=25)
    services.lose(deal_id=deal.pk, loss=loss, actor=rm, now=NOW)
    deal.refresh_from_db()
    assert (deal.stage, deal.closed_at, deal.revisit_on) == (Stage.LOST, NOW, TODAY + dt.timedelta(days=180))
    assert (deal.competitor, deal.price_gap_bps) == ("Harbour Bank", 25)
    assert not Coverage.objects.current().exists()
    assert not WorkItem.objects.open().exists()
    assert on_company(rm2, deal.company).owner == rm2


def test_nurture_asks_for_contact_every_ninety_days_and_comes_back_to_its_stage(rm):
    deal = in_stage(prospect(rm), Stage.MET)
    services.nurture(deal_id=deal.pk, reason="Refinanced until 2027", actor=rm, now=NOW)
    deal.refresh_from_db()
    assert (deal.stage, deal.stale_on, deal.is_open) == (Stage.NURTURE, TODAY + dt.timedelta(days=90), True)
    visit = log(rm, deal.company, now=NOW + dt.timedelta(days=60), kind="call")
    services.renew_after_visit(visit_id=visit.pk, actor=rm, now=NOW + dt.timedelta(days=60))
    deal.refresh_from_db()
    assert deal.stale_on == TODAY + dt.timedelta(days=150)
    services.reopen(deal_id=deal.pk, reason="They build a plant", actor=rm, now=NOW)
    deal.refresh_from_db()
    assert deal.stage == Stage.MET


def test_a_lost_deal_is_taken_up_again_as_a_lead_where_the_company_is_free(rm, rm2):
    deal = prospect(rm)
    services.lose(deal_id=deal.pk, loss=rules.Loss(LostReason.NO_NEED), actor=rm, now=NOW)
    with pytest.raises(RuleBroken, match="why it is taken up"):
        services.reopen(deal_id=deal.pk, reason="", actor=rm, now=NOW)
    later = NOW + dt.timedelta(days=200)
    services.reopen(deal_id=deal.pk, reason="New owner", actor=rm, now=later)
    deal.refresh_from_db()
    assert (deal.stage, deal.closed_at, deal.lost_reason, deal.revisit_on) == (Stage.LEAD, None, "", None)
    assert deal.protected_until == later.date() + dt.timedelta(days=90)
    assert Coverage.objects.current().get().owner == rm
    services.lose(deal_id=deal.pk, loss=rules.Loss(LostReason.NO_NEED), actor=rm, now=later)
    on_company(rm2, deal.company)
    with pytest.raises(RuleBroken) as refusal:
        services.reopen(deal_id=deal.pk, reason="Again", actor=rm, now=later)
    assert refusal.value.code == "owned"


@pytest.mark.parametrize("who", ["rm2", "ho", "compliance", "auditor"])
def test_who_sees_it_but_does_not_own_or_head_it_moves_nothing(bank, who):
    deal, actor = prospect(bank.rm), bank.people[who]
    for act in (
        lambda: services.advance(deal_id=deal.pk, to_stage=Stage.LEAD, actor=actor, now=NOW),
        lambda: services.nurture(deal_id=deal.pk, reason="x", actor=actor, now=NOW),
        lambda: services.lose(deal_id=deal.pk, loss=rules.Loss("price"), actor=actor, now=NOW),
        lambda: services.update_deal(deal_id=deal.pk, version=1, changes={"need": "x"}, actor=actor, now=NOW),
        lambda: services.state_evidence(deal_id=deal.pk, criterion=Criterion.ATTEMPT, statement=said(), actor=actor, now=NOW),
        lambda: services.reopen(deal_id=deal.pk, reason="x", actor=actor, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("who", ["arm", "outsider", "outhead", "sibling", "head2", "analyst", "lobby", "admin"])
def test_for_all_others_the_deal_is_not_there(bank, who):
    deal = prospect(bank.rm)
    with pytest.raises(Deal.DoesNotExist):
        services.nurture(deal_id=deal.pk, reason="x", actor=bank.people[who], now=NOW)


@pytest.mark.parametrize("who", ["rm", "head", "centre"])
def test_owner_team_head_and_centre_head_work_on_it(bank, who):
    deal = prospect(bank.rm)
    services.nurture(deal_id=deal.pk, reason="Not now", actor=bank.people[who], now=NOW)
    history = deal.history.latest()
    assert (history.history_user, history.history_change_reason) == (bank.people[who], "Not now")
