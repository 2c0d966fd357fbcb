"""Taking an import back: as if it had never been, unless somebody has worked on its rows."""

import pytest
from django.utils import timezone

from crm.companies import services as companies
from crm.companies.choices import CoverageKind, IdentifierKind
from crm.companies.models import Company, CompanyName, Identifier, MatchKey, Officer, SearchKey, SourceRecord
from crm.companies.rules import NewIdentifier
from crm.kernel import todo
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.jobs import Job, JobState
from crm.kernel.outbox import deliver_pending
from prospects.directories.choices import ImportState
from prospects.directories.models import Import, RowDecision, StagedRow
from prospects.directories.services import decide_duplicate, revert
from tests.companies.making import company as known
from tests.companies.making import contact, covered
from tests.prospects.directories.loading import FEBRUARY, JANUARY, LIST, company, counts, load
from tests.prospects.directories.test_loading import broken

pytestmark = pytest.mark.django_db
PARTS = (CompanyName, Identifier, Officer, SearchKey, MatchKey, SourceRecord)


def held():
    """All that is held of companies, but for ids and the marks of change."""
    leave = ("id", "updated_at", "version", "seen_at")

    def rows(model):
        return [{name: value for name, value in row.items() if name not in leave} for row in model.objects.order_by("pk").values()]

    return rows(Company), [(model, sorted(rows(model), key=str)) for model in PARTS]


def take_back(directory_import, actor):
    revert(import_id=directory_import.pk, actor=actor, now=timezone.now())
    assert deliver_pending() == 0
    directory_import.refresh_from_db()
    return directory_import


@pytest.fixture
def before(bank, tmp_path):
    """A company that a list keeps and one that a person typed; what is held of both."""
    load(tmp_path, [["00881", "Harbour Trading Limited", "2521 0000", "Trading", "HO Man"]], actor=bank.head, as_of=JANUARY)
    known(bank, "Cheung Chau Shipping Limited", numbers=(NewIdentifier(IdentifierKind.STOCK, "00882", "HKEX"),))
    return held()


def newest():
    return Import.objects.order_by("-pk").first()


def test_what_an_import_made_goes_and_what_it_changed_is_put_back(bank, before, tmp_path):
    rows = [["00881", "Harbour Group Limited", "2521 1111", "", "LEE Wai"], *LIST[1:], ["00884", "Peng Chau Toys Limited", "", "", ""]]
    assert counts(load(tmp_path, rows, actor=bank.head, as_of=FEBRUARY)) == {"created": 2, "updated": 2}
    assert held() != before

    taken_back = take_back(newest(), bank.head)

    assert taken_back.state == ImportState.REVERTED
    assert held() == before
    assert Job.objects.order_by("-pk").first().state == JobState.DONE
    gone = Company.history.filter(history_type="-")
    assert {row.history_user for row in gone} == {bank.head}
    assert company("00881").history.first().history_change_reason == taken_back.change_reason
    assert broken() == []
    assert counts(load(tmp_path, rows, actor=bank.head, as_of=FEBRUARY)) == {"created": 2, "updated": 2}


def test_decisions_of_the_import_are_forgotten_with_it(bank, tmp_path):
    toys = known(bank, "Peng Chau Toys Limited")
    load(tmp_path, [["", "Peng Chau Toys Ltd", "2521 1234", "", ""]], actor=bank.head)
    decide_duplicate(row_id=StagedRow.objects.get().pk, same_as=toys.pk, actor=bank.head, now=timezone.now())
    take_back(newest(), bank.head)
    toys.refresh_from_db()
    assert (toys.phone, RowDecision.objects.count(), SourceRecord.objects.count()) == ("", 0, 0)


def work_covered(bank, made):
    companies.take_on(company=made, kind=CoverageKind.PROSPECT, post=bank.post("rm"), actor=bank.rm, now=timezone.now())


def work_contact(bank, made):
    work_covered(bank, made)
    contact(bank, made, "CHAN Tai Man")


def work_edit(bank, made):
    companies.correct_company(company_id=made.pk, version=made.version, changes={"city": "Macau"}, actor=bank.rm, now=timezone.now())


def work_name(bank, made):
    companies.add_name(company_id=made.pk, text="海港", kind="alias", actor=bank.rm, now=timezone.now())


def work_task(bank, made):
    soon = timezone.now() + timezone.timedelta(days=1)
    todo.add_task(actor=bank.rm, now=timezone.now(), title="Call", due_at=soon, company_id=made.pk)


@pytest.mark.parametrize("work", [work_covered, work_contact, work_edit, work_name, work_task])
@pytest.mark.parametrize("code", ["00881", "00884"], ids=["a changed company", "a new company"])
def test_work_on_a_row_stands_against_it_and_is_named(bank, before, tmp_path, work, code):
    rows = [["00881", "Harbour Trading Limited", "2521 1111", "", ""], ["00884", "Peng Chau Toys Limited", "", "", ""]]
    load(tmp_path, rows, actor=bank.head, as_of=FEBRUARY)
    made = company(code)
    work(bank, made)

    with pytest.raises(RuleBroken, match=made.name) as refusal:
        revert(import_id=newest().pk, actor=bank.head, now=timezone.now())

    assert refusal.value.code == "worked_on"
    assert newest().state == ImportState.DONE


def test_coverage_from_before_does_not_stand_against_it(bank, tmp_path):
    mine = covered(bank, "Harbour Trading Limited", numbers=(NewIdentifier(IdentifierKind.STOCK, "00881", "HKEX"),))
    load(tmp_path, [LIST[0]], actor=bank.head)
    take_back(newest(), bank.head)
    mine.refresh_from_db()
    assert mine.phone == ""


def test_a_later_load_and_another_list_stand_against_it(bank, tmp_path):
    load(tmp_path, LIST, actor=bank.head)
    first = newest()
    load(tmp_path, LIST[:1], actor=bank.head)
    with pytest.raises(RuleBroken, match="loaded since"):
        revert(import_id=first.pk, actor=bank.head, now=timezone.now())
    take_back(newest(), bank.head)
    load(tmp_path, LIST[:1], actor=bank.head, source="Other list")
    with pytest.raises(RuleBroken, match="Another list"):
        revert(import_id=first.pk, actor=bank.head, now=timezone.now())


def test_who_may_take_back(bank, tmp_path):
    load(tmp_path, LIST, actor=bank.rm)
    with pytest.raises(Import.DoesNotExist):
        revert(import_id=newest().pk, actor=bank.head, now=timezone.now())
    with pytest.raises(NotAllowed):
        revert(import_id=newest().pk, actor=bank.auditor, now=timezone.now())
    take_back(newest(), bank.ho)
    with pytest.raises((InvalidTransition, NotAllowed)):
        revert(import_id=newest().pk, actor=bank.rm, now=timezone.now())


def test_work_that_begins_while_it_is_taken_back_stays_with_its_company(bank, tmp_path):
    load(tmp_path, LIST, actor=bank.head)
    revert(import_id=newest().pk, actor=bank.head, now=timezone.now())
    work_covered(bank, company("00882"))
    deliver_pending()
    assert newest().state == ImportState.REVERTED
    assert [made.name_en for made in Company.objects.all()] == ["Cheung Chau Shipping Limited"]
    assert "1" in Job.objects.order_by("-pk").first().note
    assert company("00882").names.exists()
