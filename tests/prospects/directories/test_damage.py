from pathlib import Path

from prospects.directories.reading.guarded import UnreadableFile, read_in_child
from tests.prospects.directories.builders import COMPANIES, HEADER, write_ods, write_text, write_xlsx
from tests.prospects.directories.damage import read_damaged, write_damaged

XLS = Path(__file__).with_name("files") / "companies.xls"


def answered(path: Path) -> str:
    """What the child says of a file: that it is a table, or a sentence why it is none."""
    try:
        with read_in_child(path, path.name):
            return "table"
    except UnreadableFile as refused:
        return str(refused)


def test_damaged_files_of_every_kind_are_read_or_refused(tmp_path):
    rows = [HEADER, *COMPANIES * 10]
    originals = [
        write_text(tmp_path / "utf-8.csv", rows),
        write_text(tmp_path / "gb18030.csv", rows, encoding="gb18030"),
        write_text(tmp_path / "big5.csv", rows, encoding="cp950", delimiter="\t"),
        write_text(tmp_path / "utf-16.csv", rows, encoding="utf-16"),
        write_xlsx(tmp_path / "list.xlsx", rows),
        write_ods(tmp_path / "list.ods", rows),
        XLS,
    ]
    folder = tmp_path / "damaged"
    folder.mkdir()
    write_damaged(originals, folder, count=210, seed=20240301)

    answers, deaths = read_damaged(folder)

    assert answers.total() + len(deaths) == 210
    assert answers["table"] > 20
    assert len(answers) > 3
    for number in [*deaths, *range(0, 210, 30)]:
        assert answered(folder / f"{number:04}")
