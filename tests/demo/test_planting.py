"""The planted bank: complete, alive around today, consistent with the rules of the features it fills."""

import datetime as dt
from collections import Counter

import pytest
from django.db.models import Count, Q

from credit.packs.choices import State
from credit.packs.models import Pack
from credit.systems.choices import DeliveryState
from credit.systems.models import Delivery
from crm.clients.choices import ClientStatus, Tier
from crm.clients.models import Client, TierRow
from crm.companies.choices import CoverageKind
from crm.companies.models import Company, Contact, Coverage
from crm.demo import planting, reading
from crm.demo.models import DemoBank
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.staff.choices import UnitKind
from crm.staff.models import OrgUnit, User
from crm.staff.selectors import working_calendar
from crm.visits import rules as visit_rules
from crm.visits.choices import FREE_TEXTS, VisitState, WorkKindName
from crm.visits.models import BankAttendee, Promise, Visit
from crm.visits.selectors import newest_contact
from prospects.deals.choices import CLOSED_STAGES, DealKind, DealWork, Stage
from prospects.deals.models import Deal, DealEvent, Evidence
from prospects.deals.rules import FOUR_EYES
from prospects.deals.selectors import Checklist
from tests.demo.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def person(username: str) -> User:
    return User.objects.get(username=username)


def test_the_bank_has_what_the_contract_promises() -> None:
    figures = planting.figures()
    assert figures["staff"] >= 30
    assert figures["clients"] >= 60
    assert figures["visits"] >= 1000
    assert set(Client.objects.values_list("status", flat=True)) == set(ClientStatus.values)
    assert set(Deal.objects.values_list("stage", flat=True)) == set(Stage.values)


def test_every_fixed_person_can_sign_in_with_the_one_password() -> None:
    people = User.objects.filter(username__in=reading.FIXED_USERNAMES)
    assert people.count() == len(reading.FIXED_USERNAMES)
    assert len(set(people.values_list("password", flat=True))) == 1
    assert person("rm").check_password(PASSWORD)
    assert all(user.actor.posts for user in people)


def test_planting_again_changes_nothing_but_the_password(planted_at: dt.datetime) -> None:
    before = planting.figures()
    again = planting.plant(now=planted_at + dt.timedelta(days=1), password="another one")
    assert not again.new
    assert planting.figures() == before
    assert person("arm").check_password("another one")
    planting.plant(now=planted_at, password=None)
    assert person("arm").check_password("another one")
    planting.plant(now=planted_at, password=PASSWORD)


def test_visits_are_spread_over_the_whole_year(planted_at: dt.datetime) -> None:
    done = Visit.objects.filter(state=VisitState.DONE)
    year = done.filter(at__gte=planted_at - dt.timedelta(days=365))  # the year's loan that is live was prepared before it
    months = Counter((visit.at.year, visit.at.month) for visit in year.only("at"))
    assert len(months) >= 12
    assert min(months.values()) >= 20 or min(months, key=months.__getitem__) in {(2025, 3), (2026, 3)}
    assert not done.filter(at__gt=planted_at).exists()


def test_nothing_is_visited_on_a_day_on_which_the_centre_is_closed(planted_at: dt.datetime) -> None:
    calendars = {centre.pk: working_calendar(centre, on=planted_at.date()) for centre in OrgUnit.objects.filter(kind=UnitKind.CENTRE)}
    done = Visit.objects.filter(state=VisitState.DONE)
    on_closed = [visit for visit in done if not calendars[visit.centre_id].is_open(visit.at)]
    assert on_closed == []


def test_the_rm_finds_work_that_is_late_due_today_and_still_to_come(planted_at: dt.datetime) -> None:
    items = WorkItem.objects.visible_to(person("rm")).open()
    today_ends = planted_at.replace(hour=16, minute=0)
    assert items.filter(due_at__lt=planted_at, kind=WorkKindName.TASK).count() >= 2
    assert items.filter(due_at__range=(planted_at, today_ends), kind=WorkKindName.TASK).count() >= 2
    assert items.filter(due_at__range=(planted_at, today_ends), kind=WorkKindName.VISIT).count() >= 3
    assert items.filter(due_at__gt=today_ends).count() >= 4


def test_the_team_head_has_visits_to_sign() -> None:
    waiting = WorkItem.objects.visible_to(person("head")).open().filter(kind=WorkKindName.SIGN_OFF)
    assert waiting.exists()
    assert not Visit.objects.filter(needs_sign_off=False, signed_off_at__isnull=False).exists()


def test_every_relationship_manager_has_clients_or_prospects_of_their_own() -> None:
    for row in reading.rows("staff.csv"):
        if row["role"] in {"ARM", "RM", "SRM"}:
            assert Coverage.objects.current().filter(owner__username=row["username"]).exists(), row["username"]


def test_open_relationships_and_pursuits_are_covered_once_and_ended_ones_not() -> None:
    current = Coverage.objects.current()
    clients = Client.objects.exclude(status=ClientStatus.CLOSED).values_list("company_id", flat=True)
    pursued = Deal.objects.filter(kind=DealKind.NEW).exclude(stage__in=CLOSED_STAGES).exclude(company__client__isnull=False)
    assert set(current.filter(kind=CoverageKind.CLIENT).values_list("company_id", flat=True)) == set(clients)
    assert set(current.filter(kind=CoverageKind.PROSPECT).values_list("company_id", flat=True)) == set(
        pursued.values_list("company_id", flat=True)
    )


def test_each_clients_tier_is_the_one_that_runs_today(planted_at: dt.datetime) -> None:
    today = planted_at.date()
    for client in Client.objects.exclude(status=ClientStatus.CLOSED):
        running = TierRow.objects.filter(Q(to_on=None) | Q(to_on__gt=today), client=client, from_on__lte=today)
        assert [row.tier for row in running] == [client.tier], client.number
    assert TierRow.objects.filter(set_by__isnull=False).exclude(reason="").count() >= 3
    assert set(Client.objects.values_list("tier", flat=True)) == set(Tier.values)


def test_companies_say_when_they_were_last_spoken_to() -> None:
    for company in Company.objects.annotate(met=Count("visits")).filter(met__gt=0):
        assert (company.last_contact_at, company.last_met_at) == newest_contact(company.pk), company.name_en


def test_every_visit_stands_on_the_timeline_of_its_company() -> None:
    shown = TimelineRow.objects.filter(subject_type="visits.visit").values_list("subject_id", "company_id")
    assert set(shown) == set(Visit.objects.filter(state=VisitState.DONE).values_list("pk", "company_id"))


def test_no_note_breaks_a_rule_of_the_visit_log() -> None:
    for visit in Visit.objects.all():
        assert visit_rules.wrong_texts({name: getattr(visit, name) for name in FREE_TEXTS}) == {}
        assert "{" not in visit.summary + visit.objective + visit.next_step


def test_two_went_to_every_pre_loan_visit() -> None:
    pre_loan = Visit.objects.filter(purpose="pre_loan", state=VisitState.DONE)
    assert pre_loan.exists()
    assert set(pre_loan.values_list("pk", flat=True)) <= set(BankAttendee.objects.values_list("visit_id", flat=True))


def test_kept_promises_are_done_and_open_ones_are_work() -> None:
    states = dict(WorkItem.objects.filter(kind=WorkKindName.PROMISE).values_list("subject_id", "state"))
    promises = Promise.objects.all()
    assert promises.filter(kept_at=None).count() >= 8
    assert all(states[promise.pk] == (WorkState.DONE if promise.kept_at else WorkState.OPEN) for promise in promises)


def test_each_deal_tells_how_it_came_to_its_stage() -> None:
    for deal in Deal.objects.all():
        last = DealEvent.objects.filter(deal=deal).exclude(to_stage="").order_by("-at", "-pk")[0]
        assert last.to_stage == deal.stage
        assert last.at == deal.stage_since
        assert TimelineRow.objects.filter(subject_type="deals.deal", subject_id=deal.pk, kind=f"deal_{last.kind}", at=last.at).exists()


def test_deals_in_later_stages_meet_what_the_earlier_ones_ask_for(planted_at: dt.datetime) -> None:
    for deal in Deal.objects.filter(kind=DealKind.NEW, stage__in=[Stage.CONTACTED, Stage.MET, Stage.QUALIFIED, Stage.PROPOSAL]):
        stage, deal.stage = deal.stage, Stage.SUSPECT
        missing = Checklist(deal, on=planted_at.date()).missing(stage)
        assert [line.criterion for line in missing] == [], (deal.company.name_en, stage)


def test_a_deals_next_step_stands_on_its_owners_list_and_a_statement_on_the_heads() -> None:
    steps = dict(WorkItem.objects.open().filter(kind=DealWork.NEXT_STEP).values_list("subject_id", "title"))
    assert steps == dict(Deal.objects.exclude(next_step="").values_list("pk", "next_step"))
    waiting = Evidence.objects.filter(criterion__in=FOUR_EYES, confirmed_at=None).values_list("pk", flat=True)
    assert set(WorkItem.objects.open().filter(kind=DealWork.CONFIRM).values_list("subject_id", flat=True)) == set(waiting)
    assert waiting


def test_some_deals_are_stale_and_most_are_not(planted_at: dt.datetime) -> None:
    opened = Deal.objects.filter(closed_at=None)
    stale = opened.filter(stale_on__lt=planted_at.date()).count()
    assert 5 <= stale <= opened.count() // 3


def test_companies_are_found_in_both_scripts_by_initials_and_by_phone() -> None:
    expected = Company.objects.get(name_en__startswith="Yau Tat Textiles Company")
    phone = expected.phone.replace(" ", "")[-8:]
    for typed in ("yau tat tex", "裕達紡", "裕达纺", "ydfz", phone):
        assert expected in Company.objects.named(typed), typed


def test_people_stay_within_their_scopes() -> None:
    assert not set(Visit.objects.visible_to(person("outsider"))) & set(Visit.objects.visible_to(person("rm")))
    assert Contact.objects.visible_to(person("rm")).exists()
    assert not Visit.objects.visible_to(person("admin")).exists()
    assert Visit.objects.visible_to(person("compliance")).count() == Visit.objects.count()


def test_the_directory_of_listed_companies_is_loaded_once_and_keeps_the_banks_own(planted_at: dt.datetime) -> None:
    before = Company.objects.count()
    assert planting.load_directory_of_listed(now=planted_at)
    loaded = Company.objects.count() - before
    assert loaded >= 1500
    assert Company.objects.filter(identifiers__kind="stock").count() >= 1500
    assert not Client.objects.filter(company__identifiers__kind="stock").exists()
    assert not planting.load_directory_of_listed(now=planted_at)
    assert Company.objects.count() == before + loaded


def test_the_mark_is_there_once() -> None:
    assert DemoBank.objects.count() == 1


def test_the_credit_system_has_its_account_and_was_told_of_packs_that_were_handed_to_it() -> None:
    account = person("loanflow")
    assert (account.is_service, account.has_usable_password(), [post.role for post in account.actor.posts]) == (True, False, ["SYS"])
    deliveries = Delivery.objects.visible_to(person("auditor"))
    assert set(deliveries.values_list("state", flat=True)) == {DeliveryState.DONE, DeliveryState.GIVEN_UP}
    assert set(deliveries.values_list("event__pack", flat=True)) <= set(Pack.objects.visible_to(account).values_list("pk", flat=True))


def test_packs_stand_in_every_state_under_both_models() -> None:
    found = set(Pack.objects.values_list("state", "authorship"))
    # What is accepted has its conditions listed in the same moment; a limit is cancelled where the day's files have nothing drawn.
    assert {state for state, _authorship in found} >= set(State) - {State.ACCEPTED, State.CANCELLED}
    assert {state for state, authorship in found if authorship == "B"} >= {State.DRAFT, State.IN_REVIEW, State.WRITING_B, State.FACT_CHECK}
