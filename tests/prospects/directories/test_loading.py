"""Lists loaded whole: what becomes of each row, the second time, as of another day, and where lists meet."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone, translation

from crm.companies import services
from crm.companies.choices import IdentifierKind, NameKind
from crm.companies.indexing import rebuild_keys
from crm.companies.models import Company, CompanyName, MatchKey, SearchKey, SourceRecord
from crm.companies.rules import NewIdentifier
from crm.kernel.contributions import Invariant, of
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.jobs import Job, JobState
from prospects.directories.choices import HeldBack, ImportState, Verdict
from prospects.directories.mapping import BadCondition
from prospects.directories.models import Import, Source
from prospects.directories.reading.guarded import UnreadableFile
from prospects.directories.services import (
    load_directory,
    publishing,
    read_table,
    set_mapping,
    start,
    start_import,
    writing,
)
from prospects.directories.services.publishing import publish
from prospects.directories.services.staging import stage
from tests import cast
from tests.companies.making import company as known
from tests.companies.making import covered
from tests.prospects.directories.loading import FEBRUARY, HEADER, JANUARY, LIST, MARCH, company, counts, load, staged, table

pytestmark = pytest.mark.django_db


def stock(code):
    return (NewIdentifier(IdentifierKind.STOCK, code, "HKEX"),)


def broken():
    return [sentence for invariant in of(Invariant) if invariant.code.startswith("directories.") for sentence in invariant.broken()]


def test_each_of_the_six_verdicts_is_counted_once(bank, tmp_path):
    load(tmp_path, [LIST[0], LIST[1]], actor=bank.head)
    known(bank, "Lantau Ferries Limited")
    rows = [
        LIST[0],
        ["00882", "Cheung Chau Shipping Limited", "2521 9999", "Shipping", ""],
        LIST[2],
        ["", "Lantau Ferries Ltd", "", "Shipping", ""],
        ["00884", "", "", "Shipping", ""],
        ["00885", "Peng Chau Toys Limited", "", "Toys", ""],
    ]

    report = load(tmp_path, rows, actor=bank.head, only="Industry!=Toys")

    assert counts(report) == {"created": 1, "updated": 1, "unchanged": 1, "duplicates": 1, "refused": 1, "skipped": 1}
    assert report.errors == [{"row": 6, "column": "Company Name", "value": "", "reason": "The row names no company."}]
    assert company("00882").phone == "2521 9999"
    assert not Company.objects.filter(name_en__startswith="Peng Chau").exists()
    assert broken() == []


def test_a_new_company_has_all_that_the_row_says_and_is_found_by_it(bank, tmp_path):
    load(tmp_path, [LIST[0]], actor=bank.head, as_of=JANUARY)

    made = company("00881")
    assert (made.name_en, made.phone, made.industry, made.created_by) == ("Harbour Trading Limited", "2521 1234", "Trading", bank.head)
    assert [(officer.name, officer.title) for officer in made.officers.all()] == [("CHAN Tai Man", "Chairman")]
    record = SourceRecord.objects.get()
    assert (record.source, record.as_of, record.company_id) == ("Exchange", JANUARY, made.pk)
    first = made.history.get()
    assert (first.history_type, first.history_user, first.history_change_reason) == ("+", bank.head, Import.objects.get().change_reason)
    for typed in ("harbour tr", "0881", "25211234"):
        assert list(Company.objects.named(typed)) == [made]
    assert MatchKey.objects.filter(company=made).exists()


def test_the_same_list_again_creates_and_changes_nothing(bank, tmp_path):
    load(tmp_path, LIST, actor=bank.head)
    before = list(Company.objects.order_by("pk").values())
    keys = SearchKey.objects.count(), MatchKey.objects.count(), Company.history.count()

    assert counts(load(tmp_path, LIST, actor=bank.rm)) == {"unchanged": 3}
    assert list(Company.objects.order_by("pk").values()) == before
    assert (SearchKey.objects.count(), MatchKey.objects.count(), Company.history.count()) == keys


def test_a_number_and_a_name_that_a_person_took_away_stay_away_with_the_next_list(bank, tmp_path):
    header, rows = ("Stock Code", "Company Name", "Chinese Name"), [("00700", "Tencent Holdings Limited", "匯豐控股有限公司")]
    load(tmp_path, rows, actor=bank.rm, header=header, as_of=JANUARY)
    tencent = company("00700")
    said = {"company_id": tencent.pk, "reason": "Of another company", "actor": bank.rm, "now": timezone.now()}
    services.remove_identifier(part_id=tencent.identifiers.get().pk, **said)
    services.remove_name(part_id=tencent.names.get(text="匯豐控股有限公司").pk, **said)
    load(tmp_path, rows, actor=bank.rm, header=header, as_of=FEBRUARY)
    assert not tencent.identifiers.exists()
    assert list(tencent.names.values_list("text", flat=True)) == ["Tencent Holdings Limited"]
    assert Company.objects.get() == tencent, "the row is known by itself, not by the number"


def test_a_list_without_numbers_finds_its_own_rows_again(bank, tmp_path):
    rows = [[row[1], row[2]] for row in LIST]
    header = ["Company Name", "Phone"]
    assert counts(load(tmp_path, rows, actor=bank.head, header=header)) == {"created": 3}
    assert counts(load(tmp_path, rows[::-1], actor=bank.head, header=header)) == {"unchanged": 3}


def test_rows_held_back_are_held_back_again_and_never_doubled(bank, tmp_path):
    known(bank, "Peng Chau Toys Limited")
    rows = [["", "Peng Chau Toys Ltd", "", "Toys", ""]]
    for _ in range(2):
        assert counts(load(tmp_path, rows, actor=bank.head)) == {"duplicates": 1}
    assert Company.objects.count() == 1


def test_an_older_list_never_overwrites_a_newer_one(bank, tmp_path):
    def phone_as(number, as_of, **options):
        found = counts(load(tmp_path, [["00881", "Harbour Trading Limited", number, "", ""]], actor=bank.head, as_of=as_of, **options))
        return company("00881").phone, found

    phone_as("2521 0002", FEBRUARY)
    assert phone_as("2521 0001", JANUARY) == ("2521 0002", {"unchanged": 1})
    assert phone_as("2521 0001", JANUARY, source="Other list") == ("2521 0002", {"unchanged": 1})
    assert phone_as("2521 0003", MARCH, source="Other list") == ("2521 0003", {"updated": 1})
    assert SourceRecord.objects.get(source="Exchange").as_of == FEBRUARY
    assert Source.objects.get(name="Exchange").as_of == FEBRUARY


def test_the_day_of_a_row_is_that_of_its_own_column_unless_it_lies_ahead(bank, tmp_path):
    header = ["Stock Code", "Company Name", "As of"]
    rows = [["00881", "Harbour Trading Limited", "2024-05-01"], ["00882", "Cheung Chau Shipping Limited", "2199-01-01"]]
    load(tmp_path, rows, actor=bank.head, header=header, as_of=JANUARY)
    assert list(SourceRecord.objects.order_by("row_key").values_list("as_of", flat=True)) == [dt.date(2024, 5, 1), JANUARY]


def test_what_a_person_typed_stands_and_the_source_record_keeps_what_the_list_said(bank, tmp_path):
    mine = covered(bank, "Harbour Trading Limited", numbers=stock("00881"), phone="3000 0000")

    assert counts(load(tmp_path, [LIST[0]], actor=bank.head)) == {"updated": 1}

    mine.refresh_from_db()
    assert (mine.phone, mine.industry) == ("3000 0000", "Trading")
    assert mine.source_records.get().facts["values"]["phone"] == "2521 1234"
    assert mine.history.first().history_user == bank.head


def test_both_scripts_of_a_name_and_two_exchanges_meet_in_one_company(bank, tmp_path):
    load(tmp_path, [["AAPL", "Apple Inc.", "37334NAA1"]], header=["Symbol", "Security", "CUSIP"], actor=bank.head, source="English")
    load(tmp_path, [["AAPL", "苹果公司"]], header=["股票代号", "公司"], actor=bank.head, source="中文")
    load(
        tmp_path,
        [["00865", "Apple Inc.", "US0378331005"], ["AAPL.US", "Apple Inc.", "US0378331005"]],
        header=["Stock Code", "Company Name", "ISIN"],
        actor=bank.head,
        source="Hong Kong",
    )

    apple = company("AAPL")
    assert (apple.name_en, apple.name_zh) == ("Apple Inc.", "苹果公司")
    assert list(Company.objects.named("苹果")) == [apple]
    assert staged(Verdict.DUPLICATE).count() <= 1


def test_numbers_that_belong_to_two_companies_are_left_to_a_person(bank, tmp_path):
    one = known(bank, "Harbour Trading Limited", numbers=stock("00881"))
    other = known(bank, "Cheung Chau Shipping Limited", numbers=(NewIdentifier(IdentifierKind.ISIN, "US0378331005"),))
    header = ["Stock Code", "Company Name", "ISIN"]

    report = load(tmp_path, [["00881", "Harbour Trading Limited", "US0378331005"]], header=header, actor=bank.head)

    row = staged(Verdict.DUPLICATE).get()
    assert counts(report) == {"duplicates": 1}
    assert row.held_back == HeldBack.TWO_COMPANIES
    assert {candidate["company"] for candidate in row.candidates} == {one.pk, other.pk}


def test_an_isin_under_another_name_is_left_to_a_person_but_not_under_the_other_script(bank, tmp_path):
    header = ["Company Name", "ISIN"]
    load(tmp_path, [["Harbour Trading Limited", "US0378331005"]], header=header, actor=bank.head, source="A")

    assert counts(load(tmp_path, [["Peng Chau Toys", "US0378331005"]], header=header, actor=bank.head, source="B")) == {"duplicates": 1}
    assert staged(Verdict.DUPLICATE).get().held_back == HeldBack.OTHER_NAME
    assert counts(load(tmp_path, [["海港貿易有限公司", "US0378331005"]], header=header, actor=bank.head, source="C")) == {"updated": 1}


@pytest.mark.parametrize("source", ["A", "B"])
def test_two_codes_of_one_exchange_that_share_an_isin_are_one_company_only_under_one_name(bank, tmp_path, source):
    header = ["Stock Code", "Company Name", "ISIN"]
    load(tmp_path, [["00528", "Kingdom Holdings Limited", "KYG525551027"]], header=header, actor=bank.head, source="A")

    other_counter = [["80528", "Kingdom Holdings Ltd", "KYG525551027"]]
    assert counts(load(tmp_path, other_counter, header=header, actor=bank.head, source=source)) == {"updated": 1}
    another = [["03816", "KFM Kingdom Holdings Limited", "KYG525551027"]]
    assert counts(load(tmp_path, another, header=header, actor=bank.head, source=source)) == {"duplicates": 1}
    assert staged(Verdict.DUPLICATE).get().held_back == HeldBack.OTHER_NAME


def test_a_stock_code_decides_whatever_the_name_unless_the_isin_says_otherwise(bank, tmp_path):
    known(bank, "CK Hutchison Holdings Limited", numbers=stock("00001"))
    header = ["Stock Code", "Name of Securities", "ISIN"]
    assert counts(load(tmp_path, [["00001", "CKH", "KYG217651051"]], header=header, actor=bank.head)) == {"updated": 1}

    given_again = [["00001", "Peng Chau Toys", "US0378331005"]]
    assert counts(load(tmp_path, given_again, header=header, actor=bank.head, source="Other")) == {"duplicates": 1}


def test_rows_of_one_file_with_one_number_join_where_the_names_are_alike(bank, tmp_path):
    header = ["Company Name", "USCC"]
    uscc = "91440300342731698R"
    rows = [["深圳柠檬金融信息服务有限公司", uscc], ["柠檬金融信息服务", uscc], ["深圳麻雀玩具有限公司", uscc]]

    for expected in ({"created": 1, "updated": 1, "duplicates": 1}, {"unchanged": 2, "duplicates": 1}):
        assert counts(load(tmp_path, rows, header=header, actor=bank.head)) == expected
    assert {row.held_back for row in staged(Verdict.DUPLICATE)} == {HeldBack.REPEATED}
    assert Company.objects.count() == 1


def test_a_copied_row_is_unchanged_and_a_like_row_of_the_same_file_waits(bank, tmp_path):
    header = ["Company Name", "Phone"]
    rows = [["Harbour Trading Limited", "2521 1234"], ["Harbour Trading Limited", "2521 1234"], ["Harbour Trading Ltd", "9000 1111"]]

    report = load(tmp_path, rows, header=header, actor=bank.head)

    assert counts(report) == {"created": 1, "unchanged": 1, "duplicates": 1}
    assert staged(Verdict.DUPLICATE).get().candidates[0]["row"] == 2


def test_another_number_of_the_same_register_is_another_company_however_alike_the_names(bank, tmp_path):
    load(tmp_path, [["00992", "Kaisa Group Holdings"]], header=HEADER[:2], actor=bank.head)
    assert counts(load(tmp_path, [["00993", "Kaisa Health Group Holdings"]], header=HEADER[:2], actor=bank.head)) == {"created": 1}
    same_name = load(tmp_path, [["00994", "Kaisa Group Holdings"]], header=HEADER[:2], actor=bank.head)
    assert counts(same_name) == {"duplicates": 1}


def test_a_company_that_was_merged_away_leads_to_the_one_that_stayed(bank, tmp_path):
    stays = known(bank, "Harbour Group Limited")
    gone = known(bank, "Harbour Trading Limited", numbers=stock("00881"))
    Company.objects.filter(pk=gone.pk).update(merged_into=stays)

    assert counts(load(tmp_path, [LIST[0]], actor=bank.head)) == {"updated": 1}
    stays.refresh_from_db()
    assert stays.phone == "2521 1234"


def test_a_dry_run_tells_the_same_and_leaves_nothing_behind(bank, tmp_path):
    known(bank, "Lantau Ferries Limited")
    rows = [*LIST, ["", "Lantau Ferries Ltd", "", "", ""], ["00884", "", "", "", ""]]
    before = Company.objects.count(), Source.objects.count(), Import.objects.count(), Job.objects.count()

    rehearsed = load(tmp_path, rows, actor=bank.head, dry_run=True)

    assert (Company.objects.count(), Source.objects.count(), Import.objects.count(), Job.objects.count()) == before
    carried_out = load(tmp_path, rows, actor=bank.head)
    assert (counts(rehearsed), rehearsed.errors) == (counts(carried_out), carried_out.errors)


@pytest.mark.parametrize(
    ("options", "error"),
    [({"only": "Colour=Red"}, BadCondition), ({"only": "nonsense"}, BadCondition), ({"as_of": dt.date(2199, 1, 1)}, RuleBroken)],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_refused_list_leaves_nothing_behind(bank, tmp_path, options, error, dry_run):
    with pytest.raises(error):
        load(tmp_path, LIST, actor=bank.head, dry_run=dry_run, **options)
    assert not Source.objects.exists()
    assert not Import.objects.exists()
    assert not Job.objects.exists()


def test_a_file_that_is_no_table_and_one_that_names_no_company_leave_nothing_behind(bank, tmp_path):
    for rows, error in (([["x"]], UnreadableFile), ([["1", "2521 1234"], ["2", "2521 5678"]], RuleBroken)):
        with pytest.raises(error):
            load(tmp_path, rows, header=["Number", "Phone"][: len(rows[0])], actor=bank.head)
    assert not Import.objects.exists()


@pytest.mark.parametrize("who", ["editor", "compliance", "auditor", "admin", "lobby", "analyst", "finance"])
def test_those_who_do_not_load_directories_are_refused(bank, tmp_path, who):
    with pytest.raises(NotAllowed):
        load(tmp_path, LIST, actor=bank.people[who])
    assert not Import.objects.exists()


@pytest.mark.parametrize("who", ["arm", "rm2", "rm", "head", "centre", "ho"])
def test_relationship_managers_their_heads_and_head_office_load_directories(bank, tmp_path, who):
    assert counts(load(tmp_path, LIST, actor=bank.people[who])) == {"created": 3}
    assert Job.objects.get().state == JobState.DONE


def test_the_operator_at_the_console_loads_without_an_owner(bank, tmp_path):
    assert counts(load(tmp_path, LIST, actor=None)) == {"created": 3}
    assert Import.objects.get().owner is None
    assert company("00881").created_by is None
    assert not Import.objects.visible_to(bank.head).exists()
    assert Import.objects.visible_to(bank.ho).exists()


def test_reasons_are_in_the_language_of_whoever_loads(bank, tmp_path):
    bank.head.language = "zh-hant"
    bank.head.save()
    with translation.override("zh-hant"):
        reason = str(translation.gettext("The row names no company."))
    report = load(tmp_path, [*LIST, ["00884", "", "", "", ""]], actor=cast.fresh(bank.head))
    assert report.errors[0]["reason"] == reason


def begun(bank, folder, rows):
    """An import that has been compared but not carried out."""
    path = table(folder / "list.csv", rows)
    brought = start_import(actor=bank.head, now=timezone.now(), table=read_table(path, path.name), source_name="Exchange")
    set_mapping(import_id=brought.pk, mapping=brought.read_as, as_of=brought.as_of, actor=bank.head, now=timezone.now())
    start(import_id=brought.pk, actor=bank.head, now=timezone.now())
    directory_import = Import.objects.get(pk=brought.pk)
    stage(directory_import, actor=bank.head, on=timezone.localdate(), progress=lambda done, total: None)
    return directory_import


def carry_out(directory_import, bank):
    publish(directory_import, actor=bank.head, now=timezone.now(), progress=lambda done, total: None)
    directory_import.refresh_from_db()
    assert directory_import.state == ImportState.DONE
    assert broken() == []


def test_a_company_made_since_the_comparison_is_met_by_its_number_or_left_to_a_person(bank, tmp_path):
    directory_import = begun(bank, tmp_path, LIST)
    met = known(bank, "Harbour Trading Limited", numbers=stock("00881"))
    known(bank, "Cheung Chau Shipping Ltd")

    carry_out(directory_import, bank)

    assert directory_import.counts == {"created": 1, "updated": 1, "unchanged": 0, "duplicates": 1, "refused": 0, "skipped": 0}
    met.refresh_from_db()
    assert met.phone == "2521 1234"
    assert Company.objects.count() == 3


def test_a_number_taken_at_the_very_moment_is_met_row_by_row(bank, tmp_path, monkeypatch):
    """The other writer commits between our look and our insert: the chunk fails whole, and is tried again one row at a time."""
    directory_import = begun(bank, tmp_path, LIST)
    insert, collisions = writing.create_companies, []

    def collide(rows, *args, **kwargs):
        made = insert(rows, *args, **kwargs)
        collisions.append(len(rows))
        if len(rows) > 1:
            raise IntegrityError("UNIQUE constraint failed")
        return made

    monkeypatch.setattr(publishing, "create_companies", collide)
    carry_out(directory_import, bank)
    assert collisions[0] == 3
    assert directory_import.created == 3
    assert CompanyName.objects.filter(kind=NameKind.LEGAL).count() == 3


def test_updated_companies_are_found_by_what_is_new(bank, tmp_path):
    held = known(bank, "Harbour Trading Limited", numbers=stock("00881"))
    rebuild_keys([held.pk])
    load(tmp_path, [["00881", "海港貿易有限公司"]], header=["Stock Code", "公司名稱"], actor=bank.head)
    assert list(Company.objects.named("海港")) == [held]
    assert load_directory(tmp_path / "list.csv", actor=bank.head, now=timezone.now(), source="exchange").unchanged == 1
