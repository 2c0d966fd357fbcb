from pathlib import Path

import pytest
from django.utils import timezone

from crm.companies.models import Company
from crm.kernel.errors import DomainError
from crm.kernel.files import StoredFile
from crm.kernel.jobs import Job
from prospects.directories.models import Import, Source, StagedRow
from prospects.directories.reading.guarded import UnreadableFile, read_in_child
from prospects.directories.services import load_directory
from tests.prospects.directories.builders import COMPANIES, HEADER, write_ods, write_text, write_xlsx
from tests.prospects.directories.damage import read_damaged, write_damaged
from tests.prospects.directories.loading import counts

XLS = Path(__file__).with_name("files") / "companies.xls"


def answered(path: Path) -> str:
    """What the child says of a file: that it is a table, or a sentence why it is none."""
    try:
        with read_in_child(path, path.name):
            return "table"
    except UnreadableFile as refused:
        return str(refused)


def originals_in(folder: Path) -> list[Path]:
    """One sound list of every kind."""
    rows = [HEADER, *COMPANIES * 10]
    return [
        write_text(folder / "utf-8.csv", rows),
        write_text(folder / "gb18030.csv", rows, encoding="gb18030"),
        write_text(folder / "big5.csv", rows, encoding="cp950", delimiter="\t"),
        write_text(folder / "utf-16.csv", rows, encoding="utf-16"),
        write_xlsx(folder / "list.xlsx", rows),
        write_ods(folder / "list.ods", rows),
        XLS,
    ]


def damaged_in(folder: Path, count: int) -> Path:
    """A folder of damaged copies, numbered."""
    damaged = folder / "damaged"
    damaged.mkdir()
    write_damaged(originals_in(folder), damaged, count=count, seed=20240301)
    return damaged


def test_damaged_files_of_every_kind_are_read_or_refused(tmp_path):
    folder = damaged_in(tmp_path, 210)

    answers, deaths = read_damaged(folder)

    assert answers.total() + len(deaths) == 210
    assert answers["table"] > 20
    assert len(answers) > 3
    for number in [*deaths, *range(0, 210, 30)]:
        assert answered(folder / f"{number:04}")


def left(files_folder: Path) -> list[int]:
    """How much there is of all that a load leaves behind, on the disk too."""
    files = [path for path in files_folder.rglob("*") if path.is_file()]
    return [len(files), *(model._default_manager.count() for model in (Company, Source, Import, StagedRow, StoredFile, Job))]


@pytest.mark.django_db
def test_a_damaged_list_is_loaded_whole_or_leaves_nothing_behind(bank, tmp_path, settings):
    settings.FILES_DIR = tmp_path / "files"
    loaded = 0
    for path in sorted(damaged_in(tmp_path, 42).iterdir()):
        before = left(settings.FILES_DIR)
        try:
            report = load_directory(path, actor=bank.head, now=timezone.now(), source=path.name)
        except DomainError:
            assert left(settings.FILES_DIR) == before, path.name
        else:
            assert sum(counts(report).values()) == StagedRow.objects.filter(of_import__source__name=path.name).count()
            loaded += 1
    assert 5 < loaded < 37
