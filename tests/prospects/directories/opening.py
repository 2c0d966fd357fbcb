"""Opening a list as a table, and what it is refused for."""

from pathlib import Path

import pytest

from prospects.directories.reading.refusals import Refused
from prospects.directories.reading.tables import Table, open_table
from tests.prospects.directories.builders import COMPANIES, HEADER

ROWS = [HEADER, *COMPANIES]
READ = [(2, COMPANIES[0]), (3, COMPANIES[1]), (4, [*COMPANIES[2][:3], ""])]
XLS = Path(__file__).with_name("files") / "companies.xls"


def opened(path: Path, **options: object) -> Table:
    return open_table(path, name=path.name, **options)


def refusal(path: Path, **options: object) -> Refused:
    with pytest.raises(Refused) as caught:
        list(opened(path, **options).rows)
    return caught.value
