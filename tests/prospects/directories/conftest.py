"""The database of a test as a data folder, for processes that work on it."""

from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def folder_of_this_database(tmp_path_factory) -> Path:
    """A data folder whose `db.sqlite3` is the database of this test."""
    if connection.vendor != "sqlite":
        pytest.skip("a process of its own opens the database by its file")
    folder = tmp_path_factory.mktemp("data")
    (folder / "db.sqlite3").symlink_to(connection.settings_dict["NAME"])
    return folder
