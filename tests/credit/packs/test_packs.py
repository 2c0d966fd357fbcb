"""Packs: begun, filled, moved on, withdrawn; who may, and why not (domain 6.1, 6.2, 6.8)."""

from decimal import Decimal

import pytest

from credit.packs import rules, selectors, services
from credit.packs.choices import TRANSITIONS, Act, State, VersionState
from credit.packs.models import Facility, Pack, PackEvent
from crm.companies.models import Company
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.worklist import TimelineRow
from tests.cast import NOW, fresh
from tests.credit import making


def test_a_pack_begins_as_a_draft_with_the_company_as_borrower(bank):
    pack = making.pack(bank)
    version = making.draft(pack)
    assert (pack.state, pack.number, pack.currency, pack.jurisdiction) == (State.DRAFT, "GH-2026-01", "HKD", "HK")
    assert (version.number, version.state) == (1, VersionState.DRAFT)
    assert [(row.role, row.company_id) for row in version.parties.all()] == [("borrower", pack.company_id)]
    event = PackEvent.objects.get(pack=pack)
    assert (event.act, event.actor, event.post) == (Act.CREATE, bank.rm, bank.post("rm"))
    assert TimelineRow.objects.get(subject_type="packs.pack").company_id == pack.company_id


def test_who_does_not_look_after_the_company_begins_no_pack(bank):
    company = making.company(bank)
    for name, sentence in (("sibling", "looks after"), ("analyst", "begin credit packs"), ("compliance", "begin credit packs")):
        with pytest.raises(NotAllowed, match=sentence):
            services.create_pack(company_id=company.pk, order=making.order(), actor=bank.people[name], now=NOW)
    assert not Pack.objects.exists()


def test_a_pack_of_a_company_that_nobody_may_see_is_not_found(bank):
    with pytest.raises(Company.DoesNotExist):
        services.create_pack(company_id=99, order=making.order(), actor=bank.rm, now=NOW)


@pytest.mark.parametrize(
    ("field", "value"),
    [("authorship", "C"), ("segment", "micro"), ("kind", "gift"), ("client_types", ()), ("client_types", ("pirate",))],
)
def test_a_choice_that_is_none_is_refused_at_its_field(bank, field, value):
    with pytest.raises(RuleBroken) as refused:
        making.pack(bank, **{field: value})
    assert field in refused.value.fields


def test_what_is_asked_for_is_in_the_centres_currency_by_the_banks_rate(bank):
    pack = making.pack(bank)
    making.facility(bank, pack, "TR", "1000000", currency="USD")
    pack.refresh_from_db()
    assert pack.requested == Decimal("7800000.00")


def test_sublimits_count_once_under_the_shared_limit_and_their_sum_may_be_above_it(bank):
    pack = making.pack(bank)
    making.facility(bank, pack, "GL", "30000000")
    making.facility(bank, pack, "TR", "20000000", in_cap=True)
    making.facility(bank, pack, "OD", "25000000", in_cap=True)
    making.facility(bank, pack, "TL", "5000000")
    pack.refresh_from_db()
    assert pack.requested == Decimal("35000000")
    with pytest.raises(RuleBroken, match="not above the shared limit"):
        making.facility(bank, pack, "LC", "30000001", in_cap=True)
    cap = Facility.objects.get(type_code="GL")
    with pytest.raises(RuleBroken, match="Add the shared limit first"):
        services.remove_facility(pack_id=pack.pk, facility_id=cap.pk, actor=bank.rm, now=NOW)


def test_an_entrusted_loan_is_no_credit_of_the_bank(bank):
    pack = making.pack(bank, making.company(bank, "outsider"), by="outsider")
    making.facility(bank, pack, "CN-WC", "8000000", by="outsider", currency="CNY")
    making.facility(bank, pack, "CN-ENT", "5000000", by="outsider", currency="CNY")
    pack.refresh_from_db()
    assert (pack.requested, pack.currency) == (Decimal("8000000"), "CNY")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("type_code", {"type_code": "CN-WC"}),
        ("type_code", {"type_code": "ZZ"}),
        ("amount", {"amount": Decimal(0)}),
        ("amount", {"amount": Decimal(10) ** 15}),
        ("tenor_months", {"tenor_months": 0}),
        ("purpose", {"purpose": " \u0000 "}),
        ("currency", {"currency": "XXX"}),
        ("borrower_id", {"borrower_id": 4}),
        ("in_cap", {"in_cap": True}),
        ("margin_bps", {"margin_bps": Decimal(20_000)}),
    ],
)
def test_a_facility_that_does_not_fit_is_refused_at_its_field(bank, field, change):
    pack = making.pack(bank)
    with pytest.raises(RuleBroken) as refused:
        services.keep_facility(
            pack_id=pack.pk,
            entry=making.entry(**{"code": "TR"} | {k: v for k, v in change.items() if k != "type_code"})
            if "type_code" not in change
            else making.entry(change["type_code"]),
            actor=bank.rm,
            now=NOW,
        )
    assert field in refused.value.fields
    assert not Facility.objects.exists()


def test_a_facility_is_changed_and_taken_away_and_each_leaves_its_step(bank):
    pack = making.pack(bank)
    row = making.facility(bank, pack)
    services.keep_facility(pack_id=pack.pk, facility_id=row.pk, entry=making.entry("TR", "35000000"), actor=bank.rm, now=NOW)
    pack.refresh_from_db()
    assert pack.requested == Decimal("35000000")
    services.remove_facility(pack_id=pack.pk, facility_id=row.pk, actor=bank.rm, now=NOW)
    pack.refresh_from_db()
    assert pack.requested == 0
    assert [event.act for event in pack.events.order_by("pk")] == [Act.CREATE, Act.CHANGE, Act.CHANGE, Act.CHANGE]


def test_a_party_is_a_company_or_a_person_and_stands_once_in_a_role(bank):
    pack = making.pack(bank)
    parent = making.company(bank, name="Golden Hill Holdings", name_zh="金山控股")
    making.party(bank, pack, company_id=parent.pk, limit=Decimal(50_000_000))
    making.party(bank, pack, "security", company_id=parent.pk)
    making.party(bank, pack, person_name="Chan Tai Man", is_elderly_or_spouse=True)
    assert [str(row) for row in selectors.parties_of(making.draft(pack))] == [
        "Golden Hill Foods", "Golden Hill Holdings", "Chan Tai Man", "Golden Hill Holdings",
    ]  # fmt: skip
    for wrong, sentence in (
        ({"company_id": parent.pk}, "stands there already"),
        ({}, "a company or a person"),
        ({"company_id": parent.pk, "person_name": "Chan"}, "a company or a person"),
        ({"company_id": pack.company_id}, "does not stand surety for itself"),
    ):
        with pytest.raises(RuleBroken, match=sentence):
            making.party(bank, pack, **wrong)


def test_the_company_itself_stays_the_borrower_and_a_named_party_is_not_taken_away(bank):
    pack = making.pack(bank)
    own = making.draft(pack).parties.get()
    guarantor = making.party(bank, pack, person_name="Chan Tai Man")
    making.security(bank, pack, provider_id=guarantor.pk)
    for party in (own, guarantor):
        with pytest.raises(RuleBroken):
            services.remove_party(pack_id=pack.pk, party_id=party.pk, actor=bank.rm, now=NOW)


def test_a_security_lends_its_value_less_what_ranks_before_less_the_haircut(bank):
    pack = making.pack(bank)
    row = making.security(bank, pack, value="20000000", senior_debt=Decimal(4_000_000), haircut_percent=Decimal(40))
    assert rules.lending_value(row) == Decimal("9600000.00")
    with pytest.raises(RuleBroken, match="still to come"):
        making.security(bank, pack, valued_on=NOW.date().replace(year=2027))


def test_papers_are_gathered_once_a_facility_is_listed(bank):
    pack = making.pack(bank)
    with pytest.raises(RuleBroken, match="List the facilities first"):
        services.start_docs(pack_id=pack.pk, actor=bank.rm, now=NOW)
    making.facility(bank, pack)
    assert services.start_docs(pack_id=pack.pk, actor=bank.rm, now=NOW).state == State.DOCS
    with pytest.raises(NotAllowed, match="asked for already"):
        services.start_docs(pack_id=pack.pk, actor=bank.rm, now=NOW)


def test_under_model_b_the_relationship_manager_begins_no_application(bank):
    pack = making.in_docs(bank, authorship="B")
    with pytest.raises(NotAllowed, match="credit department writes"):
        services.start_writing(pack_id=pack.pk, actor=bank.rm, now=NOW)


def test_only_the_owner_works_on_a_pack(bank):
    pack = making.pack(bank)
    with pytest.raises(NotAllowed, match="Only its relationship manager"):
        services.keep_facility(pack_id=pack.pk, entry=making.entry(), actor=bank.head, now=NOW)
    for name in ("rm2", "sibling", "outsider", "analyst", "cad"):
        with pytest.raises(Pack.DoesNotExist):
            services.keep_facility(pack_id=pack.pk, entry=making.entry(), actor=bank.people[name], now=NOW)


def test_a_pack_is_withdrawn_with_a_reason_and_its_draft_is_dropped(bank):
    pack = making.in_docs(bank)
    with pytest.raises(RuleBroken, match="Say why"):
        services.withdraw(pack_id=pack.pk, reason=" ", actor=bank.rm, now=NOW)
    services.withdraw(pack_id=pack.pk, reason="Client went elsewhere", actor=bank.rm, now=NOW)
    pack.refresh_from_db()
    assert pack.state == State.WITHDRAWN
    assert pack.versions.get().state == VersionState.DROPPED
    with pytest.raises(NotAllowed, match="decided or closed"):
        services.withdraw(pack_id=pack.pk, reason="Again", actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed):
        making.facility(bank, pack)


def test_a_step_that_does_not_lead_on_is_refused(bank):
    pack = making.pack(bank)
    with pytest.raises(InvalidTransition):
        services.packs.steps.step(pack, Act.GO_LIVE, actor=bank.rm, now=NOW, target=State.AVAILABLE)


def test_every_state_leads_only_to_states_and_ends_lead_nowhere():
    assert set(TRANSITIONS) == set(State)
    for state in (State.CANCELLED, State.MATURED, State.LAPSED, State.WITHDRAWN):
        assert not TRANSITIONS[state]


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (State.DRAFT, {"rm", "head", "centre", "ho", "compliance", "auditor"}),
        (State.HANDED_OFF, {"rm", "head", "centre", "ho", "compliance", "auditor", "analyst", "co1", "chair"}),
        (State.APPROVED, {"rm", "head", "centre", "ho", "compliance", "auditor", "analyst", "co1", "chair", "cad"}),
    ],
)
def test_a_pack_is_seen_by_its_line_and_by_credit_from_the_handoff_on(bank, state, seen):
    pack = making.in_docs(bank)
    if state != State.DRAFT:
        making.sealed(pack, state=state)
    names = ("arm", "rm", "rm2", "head", "head2", "centre", "ho", "compliance", "auditor", "analyst", "co1", "chair", "cad", "outsider",
             "finance", "ops", "lobby", "editor", "admin", "specialist")  # fmt: skip
    assert {name for name in names if Pack.objects.visible_to(fresh(bank.people[name])).filter(pk=pack.pk).exists()} == seen


def test_a_pack_up_for_decision_makes_hospitality_sensitive(bank):
    pack = making.in_docs(bank)
    today = NOW.date()
    assert selectors.pending_of([pack.company_id], today) == {}
    making.sealed(pack, state=State.FOR_DECISION)
    assert list(selectors.pending_of([pack.company_id], today)) == [pack.company_id]


def test_packs_prove_the_stages_of_a_pursuit(bank):
    pack = making.in_docs(bank)
    assert selectors.proves_handoff(pack.company_id) is None
    making.sealed(pack)
    assert selectors.proves_handoff(pack.company_id) == "Credit pack GH-2026-01 was handed off"
    assert selectors.proves_decision(pack.company_id) is None
    Pack.objects.update(state=State.AVAILABLE)
    assert selectors.proves_decision(pack.company_id)
    assert selectors.proves_acceptance(pack.company_id)
