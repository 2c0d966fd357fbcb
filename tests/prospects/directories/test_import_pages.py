"""The pages of an import: bring the file, check its columns, see what came of it; who sees whose."""

import csv
import io
import re
import uuid
from urllib.parse import quote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from crm.companies.choices import IdentifierKind
from crm.companies.models import Company
from crm.companies.rules import NewIdentifier
from crm.companies.services import take_on
from crm.kernel.files import StoredFile
from crm.kernel.jobs import Job
from crm.kernel.outbox import deliver_pending
from prospects.directories import services
from prospects.directories.choices import ImportState, Verdict
from prospects.directories.models import Import, RowDecision, Source, StagedRow
from prospects.directories.selectors import _pointing_at
from tests.companies.making import browser, covered, statements, text
from tests.companies.making import company as known
from tests.prospects.directories import builders
from tests.prospects.directories.loading import HEADER, LIST, company
from tests.prospects.directories.test_import_command import HOSTILE

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NEW = "/prospects/directories/new/"
FULL = [*LIST, ["00884", "", "", "=cmd|' /C calc'!A0", ""], ["", "Peng Chau Toys Ltd", "", "Toys", ""]]


def upload(content, name="list.csv", **fields):
    return {"file": SimpleUploadedFile(name, content), "source": "Exchange", "as_of": "2026-01-01"} | fields


def brought(user, rows=FULL, header=HEADER, **fields):
    """An import whose file was read."""
    answer = browser(user).post(NEW, upload(builders.text([header, *rows]).encode(), **fields))
    assert answer.status_code == 302, text(answer)
    return Import.objects.order_by("-pk").first()


def form_of(directory_import, **changes):
    """The mapping page's form as it stands."""
    mapping = directory_import.read_as
    columns = {f"column_{index}": mapping.fields.get(column, "") for index, column in enumerate(mapping.columns)}
    rest = {"exchange": mapping.exchange, "day_first": "1", "as_of": directory_import.as_of.isoformat(), "condition": "", "remember": "on"}
    return columns | rest | {"version": Import.objects.get(pk=directory_import.pk).version} | changes


def done(user, rows=FULL, header=HEADER, **changes):
    """An import that was started on its page and carried out."""
    directory_import = brought(user, rows, header)
    form = form_of(directory_import, then="start", exchange="HKEX", **changes)
    answer = browser(user).post(reverse("directories:import_map", args=[directory_import.pk]), form)
    assert answer["Location"] == directory_import.get_absolute_url(), text(answer)
    assert deliver_pending() == 0
    directory_import.refresh_from_db()
    assert directory_import.state == ImportState.DONE
    return directory_import


@pytest.fixture
def toys(bank):
    return known(bank, "Peng Chau Toys Limited")


def test_a_list_goes_from_the_file_to_its_result(bank, toys):
    page = browser(bank.rm)
    assert "Import a directory" in text(page.get("/prospects/directories/"))
    assert "No directory was loaded yet" in text(page.get("/prospects/directories/"))

    directory_import = brought(bank.rm)
    columns = text(page.get(reverse("directories:import_map", args=[directory_import.pk])))
    assert "Harbour Trading Limited" in columns
    assert '<option value="name_en" selected>' in columns or '<option value="name" selected>' in columns
    assert "Industry=Shipping" in columns
    preview = text(page.get(reverse("directories:import_preview", args=[directory_import.pk])))
    assert "New" in preview
    assert "Possible duplicate" in preview
    assert toys.name in preview
    assert "The row names no company." in preview

    form = form_of(directory_import, then="start", exchange="HKEX", condition="Industry!=Logistics")
    answer = page.post(reverse("directories:import_map", args=[directory_import.pk]), form)
    running = text(page.get(answer["Location"]))
    assert "progress" in running
    assert deliver_pending() == 0

    result = text(page.get(answer["Location"]))
    assert "Possible duplicates" in result
    directory_import.refresh_from_db()
    assert directory_import.counts == {"created": 2, "updated": 0, "unchanged": 0, "duplicates": 1, "refused": 1, "skipped": 1}
    assert f"{answer['Location']}" in text(page.get(f"/jobs/{directory_import.job_id}/"))


def test_the_preview_shows_old_and_new_values(bank):
    known(bank, "Harbour Trading Limited", numbers=(NewIdentifier(IdentifierKind.STOCK, "00881", "HKEX"),))
    done(bank.rm, LIST[:1])
    newer = [["00881", "Harbour Trading Limited", "2521 0000", "Trading", ""]]
    directory_import = brought(bank.rm, newer, as_of="2026-02-01")
    preview = text(browser(bank.rm).get(reverse("directories:import_preview", args=[directory_import.pk])))
    assert "<del>2521 1234</del> → 2521 0000" in preview


def test_the_result_shows_what_an_updated_row_changed(bank):
    header = [*HEADER[:3], "Sector", "Chairman", "Listing Date"]
    done(bank.rm, [["00881", "Harbour Trading Limited", "2521 1234", "Energy", "Chan Tai Man", "2001-05-04"]], header, as_of="2026-01-01")
    newer = [["00881", "Sky Blue Eleven Limited", "2521 1234", "Utilities", "Lee Siu Ming", "2001-05-04"]]
    directory_import = done(bank.rm, newer, header, as_of="2026-02-01")
    page = browser(bank.rm)
    assert "?tab=updated" in text(page.get(directory_import.get_absolute_url()))
    shown = text(page.get(reverse("directories:import_updated", args=[directory_import.pk])))
    for change in (
        "Registered name: Sky Blue Eleven Limited",
        "Former name: Harbour Trading Limited",
        "Sector: <del>Energy</del> → Utilities",
        "Chairman: Lee Siu Ming",
        "Chairman: <del>Chan Tai Man</del></li>",
    ):
        assert change in shown
    assert "Phone" not in shown
    assert "2521 1234" not in shown


def test_a_double_click_brings_one_import_and_a_second_start_is_refused(bank):
    key = str(uuid.uuid4())
    content = builders.text([HEADER, *LIST]).encode()
    answers = [browser(bank.rm).post(NEW, upload(content, submission=key))["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    directory_import = Import.objects.get()
    form = form_of(directory_import, then="start", submission=str(uuid.uuid4()))
    address = reverse("directories:import_map", args=[directory_import.pk])
    started, again = (browser(bank.rm).post(address, form)["Location"] for _click in range(2))
    assert started == again == directory_import.get_absolute_url()
    second = browser(bank.rm).post(address, form_of(directory_import, then="start"))
    assert second.status_code == 409
    page = text(second)
    assert "This import has been started; its columns stand." in page
    assert "Not for this post" not in page
    assert f'href="{directory_import.get_absolute_url()}"' in page
    assert Job.objects.count() == 1


@pytest.mark.parametrize("step", ["import_map", "import_sheet", "import_start"])
def test_a_step_that_is_over_says_so_in_its_place_as_page_and_as_dialog(bank, step):
    directory_import = done(bank.rm)
    address = reverse(f"directories:{step}", args=[directory_import.pk])
    for method in ("get", "post"):
        assert getattr(browser(bank.rm), method)(address).status_code == 409
        dialog = getattr(browser(bank.rm), method)(address, headers=HTMX)
        assert (dialog.status_code, "This import has been started" in text(dialog)) == (422, True)
    assert browser(bank.auditor).get(address).status_code == 403


def test_a_file_above_the_limit_says_so_however_it_came(bank, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE, settings.UPLOAD_LIMIT_BYTES = 1000, 1024 * 1024
    answer = browser(bank.rm).post(NEW, upload(builders.text([HEADER, *LIST * 20_000]).encode()))
    assert answer.status_code == 422
    assert "The file is larger than 1 MB." in text(answer)
    assert not Import.objects.exists()


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "numbers.csv"])
def test_what_is_no_list_is_refused_beside_the_file_and_nothing_is_kept(bank, name):
    answer = browser(bank.rm).post(NEW, upload(HOSTILE[name], name))
    assert answer.status_code == 422
    page = text(answer)
    assert 'id="id_file_error"' in page
    assert 'value="Exchange"' in page
    assert not Import.objects.exists()
    assert not StoredFile.objects.exists()
    assert not Source.objects.exists()


def test_a_file_that_names_no_company_can_be_brought_but_not_started(bank):
    directory_import = brought_raw(bank, HOSTILE["numbers.csv"])
    address = reverse("directories:import_map", args=[directory_import.pk])
    answer = browser(bank.rm).post(address, form_of(directory_import, then="start"))
    assert answer.status_code == 422
    assert "No column names a company" in text(answer)
    preview = text(browser(bank.rm).get(reverse("directories:import_preview", args=[directory_import.pk])))
    assert "No column names a company" in preview


def brought_raw(bank, content, name="list.csv"):
    assert browser(bank.rm).post(NEW, upload(content, name)).status_code == 302
    return Import.objects.get()


def test_what_the_columns_mean_is_remembered_for_the_source(bank):
    first = brought(bank.rm, LIST)
    address = reverse("directories:import_map", args=[first.pk])
    browser(bank.rm).post(address, form_of(first, column_3="sector", exchange="HKEX"))
    again = brought(bank.head, LIST, source="EXCHANGE")
    assert again.source == first.source
    assert (again.read_as.fields["Industry"], again.read_as.exchange) == ("sector", "HKEX")
    other = brought(bank.head, LIST, source="Another")
    assert other.read_as.fields["Industry"] == "industry"


def test_each_mistake_on_the_columns_stands_beside_its_field_and_nothing_typed_is_lost(bank):
    directory_import = brought(bank.rm, LIST)
    address = reverse("directories:import_map", args=[directory_import.pk])
    wrong = form_of(directory_import, column_3="phone", condition="Colour=Red", as_of="2199-01-01")
    page = text(browser(bank.rm).post(address, wrong))
    assert "Another column is said to mean this already." in page
    assert 'value="Colour=Red"' in page
    ahead = browser(bank.rm).post(address, form_of(directory_import, as_of="2199-01-01"))
    assert (ahead.status_code, "future" in text(ahead)) == (422, True)
    red = browser(bank.rm).post(address, form_of(directory_import, condition="Colour=Red"))
    assert (red.status_code, "no column “Colour”" in text(red)) == (422, True)


def test_another_sheet_of_the_workbook_can_be_chosen(bank, tmp_path):
    path = builders.write_xlsx(tmp_path / "book.xlsx", [HEADER, *LIST], Other=[["Company Name", "Phone"], ["Wing On", "2521 0000"]])
    directory_import = brought_raw(bank, path.read_bytes(), "book.xlsx")
    assert directory_import.sheet == "List"
    address = reverse("directories:import_sheet", args=[directory_import.pk])
    assert browser(bank.rm).post(address, {"sheet": "Other", "version": directory_import.version}).status_code == 302
    directory_import.refresh_from_db()
    assert (directory_import.sheet, directory_import.columns, directory_import.read) == ("Other", ["Company Name", "Phone"], 1)


def test_refused_rows_are_downloaded_in_their_columns_with_reasons_and_without_live_formulas(bank, toys):
    directory_import = done(bank.rm)
    page = browser(bank.rm)
    shown = text(page.get(f"{directory_import.get_absolute_url()}?tab=refused"))
    assert "The row names no company." in shown
    content = b"".join(page.get(reverse("directories:refused_download", args=[directory_import.pk, "csv"])).streaming_content)
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert row["Stock Code"] == "00884"
    assert row["Industry"].startswith("'=cmd")
    assert "names no company" in row["Why it was refused"]
    sheet = b"".join(page.get(reverse("directories:refused_download", args=[directory_import.pk, "xlsx"])).streaming_content)
    lines = list(openpyxl.load_workbook(io.BytesIO(sheet)).active.iter_rows(values_only=True))
    assert lines[0] == (*HEADER, "Why it was refused")
    assert page.get(reverse("directories:refused_download", args=[directory_import.pk, "pdf"])).status_code == 404


def test_the_refused_rows_have_a_file_name_in_the_readers_language(bank):
    bank.rm.language = "zh-hant"
    bank.rm.save()
    address = reverse("directories:refused_download", args=[done(bank.rm).pk, "csv"])
    assert quote("被拒絕的行") in browser(bank.rm).get(address)["Content-Disposition"]


def test_a_shifted_row_is_downloaded_whole_and_unmended_it_is_refused_again(bank):
    shifted = ["00885", "Firm", " Sigma Limited", "2521 1234", "", "", "Last"]
    address = reverse("directories:refused_download", args=[done(bank.rm, [*LIST, shifted]).pk, "csv"])
    content = b"".join(browser(bank.rm).get(address).streaming_content).decode("utf-8-sig")
    _header, line = csv.reader(io.StringIO(content))
    assert [*line[:5], *line[6:]] == [cell.strip() for cell in shifted]

    again = browser(bank.rm).post(NEW, upload(content.encode()))
    assert again.status_code == 302, text(again)
    assert services.preview(Import.objects.order_by("-pk").first(), actor=bank.rm, now=timezone.now())[0].verdict == Verdict.REFUSED


def test_a_duplicate_is_decided_on_its_page_one_way_or_the_other(bank, toys):
    directory_import = done(bank.rm)
    page = browser(bank.rm)
    row = StagedRow.objects.get(verdict=Verdict.DUPLICATE)
    address = reverse("directories:row_decide", args=[row.pk])
    assert address in text(page.get(f"{directory_import.get_absolute_url()}?tab=duplicates"))
    assert toys.name in text(page.get(address))

    unreasoned = page.post(address, {"company": "0", "because": ""})
    assert (unreasoned.status_code, "Say why" in text(unreasoned)) == (422, True)
    assert page.post(address, {"company": "999999"}).status_code == 422
    assert page.post(address, {"company": "0", "because": "Another register"}).status_code == 302
    assert RowDecision.objects.get().because == "Another register"
    assert Company.objects.filter(name_en="Peng Chau Toys Ltd").exists()


@pytest.mark.parametrize("who", ["rm", "auditor"])
def test_the_page_follows_the_work_to_its_end_by_itself(bank, who):
    directory_import = brought(bank.rm)
    form = form_of(directory_import, then="start", exchange="HKEX")
    browser(bank.rm).post(reverse("directories:import_map", args=[directory_import.pk]), form)
    page = browser(getattr(bank, who))
    address = reverse("directories:import_progress", args=[directory_import.pk])
    shown = text(page.get(directory_import.get_absolute_url()))
    assert f'hx-get="{address}" hx-trigger="every 1s"' in shown
    assert ("Waiting" in shown) == (who == "rm")

    running = page.get(address, headers=HTMX)
    assert f'hx-get="{address}"' in text(running)
    assert '<span id="import-state" hx-swap-oob="true">' in text(running)
    assert "HX-Refresh" not in running

    deliver_pending()
    assert page.get(address, headers=HTMX)["HX-Refresh"] == "true"
    assert page.get(address)["Location"] == directory_import.get_absolute_url()
    assert "every 1s" not in text(page.get(directory_import.get_absolute_url()))


def test_taking_back_asks_and_says_who_stands_against_it(bank):
    directory_import = done(bank.rm, LIST)
    page = browser(bank.rm)
    address = reverse("directories:import_revert", args=[directory_import.pk])
    assert "are removed" in text(page.get(address))
    covered(bank, "Wing On Limited")

    take_on(company=company("00881"), kind="prospect", post=bank.post("rm"), actor=bank.rm, now=Job.objects.first().created_at)
    refused = text(page.get(address))
    assert "somebody has worked on its rows" in refused
    assert "Harbour Trading Limited" in refused
    assert page.post(address).status_code == 422
    assert Company.objects.count() == 4


def test_all_that_may_stand_against_taking_back_is_said_in_the_readers_language(bank):
    done(bank.rm, LIST)
    with translation.override("zh-hant"):
        sentences = {str(what) for what, _ids in _pointing_at(Import.objects.get(), Company.objects.values("pk"))}
    assert len(sentences) > 10
    assert [sentence for sentence in sentences if re.search("[A-Za-z]", sentence)] == []


def test_taking_back_runs_and_leaves_the_rows_to_be_read(bank):
    directory_import = done(bank.rm, LIST)
    page = browser(bank.rm)
    assert page.post(reverse("directories:import_revert", args=[directory_import.pk])).status_code == 302
    assert deliver_pending() == 0
    assert not Company.objects.exists()
    assert "taken back" in text(page.get(directory_import.get_absolute_url()))


def addresses(directory_import, row):
    names = ("detail", "preview", "map", "sheet", "duplicates", "refused", "rows", "revert", "start")
    found = {name: reverse(f"directories:import_{name}", args=[directory_import.pk]) for name in names}
    return found | {
        "csv": reverse("directories:refused_download", args=[directory_import.pk, "csv"]),
        "decide": reverse("directories:row_decide", args=[row.pk]),
    }


def test_strangers_get_404_readers_read_and_owners_act(bank, toys):
    directory_import = done(bank.rm)
    pages = addresses(directory_import, StagedRow.objects.get(verdict=Verdict.DUPLICATE))
    for name in ("outsider", "head", "rm2", "analyst", "editor", "admin", "finance"):
        seen = {page: browser(bank.people[name]).get(address).status_code for page, address in pages.items()}
        assert set(seen.values()) == {404}, (name, seen)
    for name in ("compliance", "auditor"):
        seen = {page: browser(bank.people[name]).get(address).status_code for page, address in pages.items()}
        assert {page for page, code in seen.items() if code == 200} == {"detail", "duplicates", "refused", "rows", "csv"}, seen
        assert {seen[page] for page in ("map", "revert", "decide", "start")} == {403}
    for name in ("rm", "ho"):
        seen = {page: browser(bank.people[name]).get(address).status_code for page, address in pages.items()}
        assert {page for page, code in seen.items() if code != 200} == {"map", "preview", "sheet", "start"}, seen


@pytest.mark.parametrize(
    ("who", "status"), [("rm", 200), ("ho", 200), ("compliance", 200), ("editor", 403), ("analyst", 403), ("lobby", 403), ("admin", 403)]
)
def test_who_opens_the_lists(bank, who, status):
    page = browser(bank.people[who])
    assert page.get("/prospects/directories/").status_code == page.get("/prospects/directories/sources/").status_code == status
    menu = text(page.get("/jobs/")).split("</nav>")[0]
    assert ("/prospects/directories/" in menu) == (status == 200)
    assert page.get(NEW).status_code == (200 if who in ("rm", "ho") else 403)


def test_pages_cost_the_same_statements_for_few_and_many_rows(bank, toys):
    def costs(rows):
        mapping = brought(bank.rm, rows)
        directory_import = done(bank.rm, rows)
        page = browser(bank.rm)
        waiting = StagedRow.objects.filter(verdict=Verdict.DUPLICATE).last()
        pages = addresses(directory_import, waiting)
        open_pages = {name: pages[name] for name in ("detail", "duplicates", "refused", "rows", "revert", "decide")}
        open_pages |= {name: address for name, address in addresses(mapping, waiting).items() if name in ("map", "preview")}
        open_pages["list"] = "/prospects/directories/?view=all"
        return {name: statements(page, address) for name, address in open_pages.items()}

    few = costs(FULL)
    many = [[f"{n:05}", f"{chr(65 + n % 26)}{chr(97 + n // 26)}xo Trading", f"2521 {n:04}", "Trading", ""] for n in range(1000, 1060)]
    more = costs([*many, *([row[0][:3] + f"{n:02}", "", "", "", ""] for n, row in enumerate(many)), *FULL])
    print(few)
    # The preview compares its twenty rows with all that is held: one look-up for each kind of thing that it may meet, however many rows.
    assert max(few.pop("preview"), more.pop("preview")) <= 25
    assert {name: count for name, count in more.items() if count > few[name]} == {}
    assert max(few.values()) <= 12
