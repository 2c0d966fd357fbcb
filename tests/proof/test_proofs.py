"""The proofs in short, and that each notices the fault it is there for. `python -m tests.proof` runs them at length."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import _migrated
from tests.proof import copies, ground, imports, kills, machines, writers
from tests.proof.witness.faults import FORGETFUL
from tests.proof.writing import DEFERRED

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a bank."""
    return ground.lay(tmp_path / "data", migrated=_migrated())


def broken(figures):
    return {figure.name: (figure.value, figure.compared_with) for figure in figures if figure.is_broken}


def value(figures, name):
    return next(figure.value for figure in figures if figure.name == name)


def test_eight_writers_are_never_told_that_the_database_is_locked(folder):
    figures = writers.run(folder, seconds=5)
    assert not broken(figures)
    assert value(figures, "T6b.writers.commits_per_second") > 1


def test_writers_that_upgrade_a_read_lock_are_noticed(folder):
    assert "T6b.writers.locked" in broken(writers.run(folder, seconds=5, fault=DEFERRED))


def test_twenty_copies_of_a_form_are_carried_out_once(folder):
    assert not broken(copies.run(folder, forms=3))


def test_a_server_that_forgets_its_forms_is_noticed(folder):
    assert "T8.copies.doubled" in broken(copies.run(folder, forms=2, copies=5, fault=FORGETFUL))


def test_kills_of_web_and_worker_lose_and_double_nothing(folder):
    figures = kills.run(folder, kills=6)
    assert not broken(figures)
    assert value(figures, "T19.kills.acknowledged") > 6


def test_a_directory_whose_loading_is_killed_ends_as_one_loaded_in_peace(folder):
    figures = imports.run(folder, kills=4, rows=600)
    assert not broken(figures)
    assert value(figures, "T22.import_kills.kills") > 0


def test_the_workflows_hold_in_processes_of_their_own(tmp_path):
    shutil.copyfile(_migrated(), tmp_path / "db.sqlite3")
    assert not broken(machines.run(tmp_path, examples=2, steps=10))
