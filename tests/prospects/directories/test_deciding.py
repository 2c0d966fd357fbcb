"""Possible duplicates: decided by a person, remembered for the next list."""

import pytest
from django.utils import timezone

from crm.companies.choices import IdentifierKind
from crm.companies.models import Company
from crm.companies.rules import NewIdentifier
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from prospects.directories.choices import Verdict
from prospects.directories.models import Import, RowDecision, StagedRow
from prospects.directories.services import candidates_of, decide_duplicate
from tests.companies.making import company as known
from tests.prospects.directories.loading import counts, load
from tests.prospects.directories.test_loading import broken

pytestmark = pytest.mark.django_db
ROWS = [["Peng Chau Toys Ltd", "2521 1234", "US0378331005"]]
HEADER = ["Company Name", "Phone", "ISIN"]


@pytest.fixture
def toys(bank):
    return known(bank, "Peng Chau Toys Limited")


@pytest.fixture
def row(bank, toys, tmp_path):
    assert counts(load(tmp_path, ROWS, header=HEADER, actor=bank.rm)) == {"duplicates": 1}
    return StagedRow.objects.get()


def decide(row, actor, **choice):
    return decide_duplicate(row_id=row.pk, actor=actor, now=timezone.now(), **choice)


def test_the_same_company_takes_over_what_the_row_says_and_the_next_list_knows_it(bank, toys, row, tmp_path):
    decided = decide(row, bank.rm, same_as=toys.pk)

    toys.refresh_from_db()
    assert (decided.verdict, decided.company_id, toys.phone) == (Verdict.UPDATED, toys.pk, "2521 1234")
    assert toys.identifiers.get().value == "US0378331005"
    assert Import.objects.get().counts["duplicates"] == 0
    assert broken() == []
    newer = [["Peng Chau Toys Ltd", "2521 9999", "US0378331005"]]
    assert counts(load(tmp_path, newer, header=HEADER, actor=bank.head)) == {"updated": 1}
    assert Company.objects.count() == 1


def test_another_company_is_made_with_a_reason_and_the_next_list_knows_it(bank, toys, row, tmp_path):
    decided = decide(row, bank.rm, because="Another owner, another register")

    made = Company.objects.exclude(pk=toys.pk).get()
    assert (decided.verdict, decided.company) == (Verdict.CREATED, made)
    assert made.phone == "2521 1234"
    decision = RowDecision.objects.get()
    assert (decision.is_same, decision.because, decision.by) == (False, "Another owner, another register", bank.rm)
    assert counts(load(tmp_path, ROWS, header=HEADER, actor=bank.head)) == {"unchanged": 1}
    assert broken() == []


def test_numbers_of_other_companies_stay_with_them_and_the_decision_holds_next_time(bank, tmp_path):
    one = known(bank, "Harbour Trading Limited", numbers=(NewIdentifier(IdentifierKind.STOCK, "00881", "HKEX"),))
    other = known(bank, "Cheung Chau Shipping Limited", numbers=(NewIdentifier(IdentifierKind.ISIN, "US0378331005"),))
    rows, header = [["00881", "Harbour Trading Limited", "US0378331005"]], ["Stock Code", "Company Name", "ISIN"]
    load(tmp_path, rows, header=header, actor=bank.rm)

    decide(StagedRow.objects.get(), bank.rm, same_as=one.pk)

    assert other.identifiers.get().value == "US0378331005"
    assert counts(load(tmp_path, rows, header=header, actor=bank.rm)) == {"unchanged": 1}


def test_an_earlier_row_of_the_file_can_be_the_company(bank, tmp_path):
    rows = [["Harbour Trading Limited", "2521 1234"], ["Harbour Trading Ltd", "9000 1111"]]
    load(tmp_path, rows, header=HEADER[:2], actor=bank.rm)
    waiting = StagedRow.objects.get(verdict=Verdict.DUPLICATE)
    made = Company.objects.get()

    assert list(candidates_of(waiting)) == [made.pk]
    decide(waiting, bank.rm, same_as=made.pk)
    assert broken() == []


def test_each_refusal(bank, toys, row):
    with pytest.raises(RuleBroken, match="Say why"):
        decide(row, bank.rm, because="  ")
    with pytest.raises(RuleBroken, match="not among"):
        decide(row, bank.rm, same_as=known(bank, "Wing On Cold Storage").pk)
    with pytest.raises(StagedRow.DoesNotExist):
        decide(row, bank.outsider, same_as=toys.pk)
    with pytest.raises(NotAllowed):
        decide(row, bank.auditor, same_as=toys.pk)
    decide(row, bank.ho, same_as=toys.pk)
    with pytest.raises(InvalidTransition):
        decide(row, bank.rm, same_as=toys.pk)


def test_a_row_that_got_its_company_through_a_later_list_makes_no_second_one(bank, row, tmp_path):
    load(tmp_path, ROWS, header=HEADER, actor=bank.head)
    later = StagedRow.objects.exclude(pk=row.pk).get()
    decide(later, bank.head, because="Another company")
    with pytest.raises(RuleBroken, match="meanwhile"):
        decide(row, bank.rm, because="Another company")
    assert Company.objects.count() == 2
