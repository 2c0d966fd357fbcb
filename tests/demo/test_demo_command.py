"""`manage.py demo` as people run it: a process of its own, on a data folder of its own."""

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests.banks import Made, demo, environment
from tests.conftest import ROOT, _migrated

pytestmark = pytest.mark.slow
# Enough for a bank that is made to see something else than its papers; the run's bank has as many as people get.
FEW_NEWS = {"RAPPORT_DEMO_NEWS_DAYS": "10"}


def query(folder: Path, statement: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
        return database.execute(statement, values).fetchall()


def passwords(folder: Path) -> dict[object, object]:
    return dict(query(folder, "SELECT username, password FROM staff_user"))  # type: ignore[arg-type]


def opens(password: str, folder: Path, username: str) -> bool:
    return PBKDF2PasswordHasher().verify(password, str(passwords(folder)[username]))


def contents(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        return list(database.iterdump())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def new_folder(tmp_path: Path) -> Path:
    """A data folder whose database is migrated and empty, as after a start that was broken off."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(_migrated(), folder / "db.sqlite3")
    return folder


@pytest.fixture
def folder(demo_bank: Made, tmp_path: Path) -> Path:
    """A data folder with the demo bank in it."""
    return demo_bank.copied(tmp_path / "data")


def test_from_nothing_it_makes_the_folder_and_the_bank_and_shows_a_random_password(demo_bank: Made) -> None:
    assert demo_bank.code == 0, demo_bank.said
    figures = json.loads(demo_bank.printed)
    assert {"staff", "clients", "companies", "visits"} <= figures.keys()
    assert figures["staff"] >= 30
    assert figures["clients"] >= 60
    password = next(line for line in demo_bank.said.splitlines() if line.startswith("Password")).rsplit(" ", 1)[-1]
    assert opens(password, Path(demo_bank.folder), "rm")


def test_running_it_again_prints_the_same_figures_and_changes_no_password(demo_bank: Made, folder: Path) -> None:
    before = passwords(folder)
    again = demo(folder, "--no-serve", "--json")
    assert demo_bank.printed == again.stdout
    assert again.stderr == ""
    assert passwords(folder) == before


def test_running_it_again_with_a_password_changes_that_and_nothing_else(demo_bank: Made, folder: Path) -> None:
    done = demo(folder, "--no-serve", "--json", "--password", "something else")
    assert done.stdout == demo_bank.printed
    assert opens("something else", folder, "compliance2")
    assert "something else" not in done.stdout + done.stderr


def test_without_json_it_names_every_demo_person(folder: Path) -> None:
    done = demo(folder, "--no-serve")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()[:3]] == ["arm", "rm2", "rm"]
    assert "admin2" in done.stdout


@pytest.mark.parametrize("options", [("--no-serve",), ("--no-serve", "--reset")])
def test_it_leaves_another_database_alone(new_folder: Path, options: tuple[str, ...]) -> None:
    unit = {"kind": "head_office", "name_en": "A real bank", "name_hant": "真", "name_hans": "真", "path": "1.", "jurisdiction": "HK"}
    unit |= {"time_zone": "Asia/Hong_Kong", "currency": "HKD", "created_at": "2026-01-01", "updated_at": "2026-01-01"}
    unit |= {"calendar_version": 0, "version": 1}
    places = ", ".join("?" * len(unit))
    query(new_folder, f"INSERT INTO staff_orgunit ({', '.join(unit)}) VALUES ({places})", tuple(unit.values()))
    before = contents(new_folder)
    done = demo(new_folder, *options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert contents(new_folder) == before


def test_it_refuses_in_production(tmp_path: Path) -> None:
    more = {
        "RAPPORT_MODE": "production",
        "RAPPORT_SECRET_KEY": "k3y-of-a-bank-" * 6 + "0123456789abcdef",
        "RAPPORT_DRAW_KEYS": str(tmp_path / "draw-keys.json"),
        "RAPPORT_HOSTS": "bank.example",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    }
    done = demo(tmp_path, "--no-serve", **more)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "The demo bank is never made in production."


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = demo(tmp_path / "data", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "data" / "db.sqlite3").exists()


def test_made_anew_and_killed_at_two_places_the_bank_is_whole_the_next_time(folder: Path) -> None:
    query(folder, "UPDATE companies_company SET phone = 'scribbled over'")
    killed_once(folder, "SELECT count(*) = 0 FROM demo_demobank", "--reset")  # the tables are there anew, the bank not yet
    # Killed between a migration and the word that it was done, which Django writes afterwards.
    query(folder, "DELETE FROM django_migrations WHERE app = 'demo'")
    killed_once(folder, "SELECT count(*) = 1 FROM demo_demobank")  # the bank is there, its directory and news are not
    assert query(folder, "SELECT count(*) FROM companies_company WHERE phone = 'scribbled over'") == [(0,)]
    done = demo(folder, "--no-serve", "--json", **FEW_NEWS)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["visits"] >= 1000
    assert query(folder, "SELECT count(*) FROM demo_demobank WHERE news_at IS NULL") == [(0,)]
    assert done.stdout == demo(folder, "--no-serve", "--json", **FEW_NEWS).stdout


def killed_once(folder: Path, condition: str, *options: str) -> None:
    """Run the command, and kill it as soon as its database says so."""
    command = [sys.executable, "manage.py", "demo", "--no-serve", "--json", *options]
    said = folder / "said"
    with said.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=environment(folder, **FEW_NEWS), stdout=out, stderr=out) as child:
        while not _holds(folder, condition):
            assert child.poll() is None, f"it ended before it was killed: {said.read_text()}"
            time.sleep(0.05)
        child.kill()


def _holds(folder: Path, condition: str) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{folder / 'db.sqlite3'}?mode=ro", uri=True)) as database:
            return database.execute(condition).fetchall() == [(1,)]
    except sqlite3.OperationalError:  # no file or no table yet, or just being written
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_asked_to_end_and_leaves_no_process_behind(folder: Path, number: signal.Signals) -> None:
    port = free_port()
    command = [sys.executable, "manage.py", "demo", "--port", str(port), "--json"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            wait_until_healthy(port)
            children = children_of(running.pid)
            assert len(children) == 2
            running.send_signal(number)
            printed, said = running.communicate(timeout=30)
        finally:
            running.kill()
    assert running.returncode == 0, said
    assert json.loads(printed).keys() >= {"staff", "clients", "companies", "visits"}
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


NAMES = ("--name-en", "Harbour Bank", "--name-hant", "海港銀行", "--name-hans", "海港银行")
PEOPLE = ("--admin", "ada", "Ada Kwok", "--admin", "bea", "Bea Lam")


def manage(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=120, check=False)


def test_a_bank_of_ones_own_is_served_by_one_command_once_somebody_can_sign_in(new_folder: Path) -> None:
    port = str(free_port())
    nobody = manage(new_folder, "serve", "--port", port)
    assert (nobody.returncode, "begin_bank" in nobody.stderr) == (2, True)
    assert manage(new_folder, "begin_bank", *NAMES, *PEOPLE).returncode == 0
    command = [sys.executable, "manage.py", "serve", "--port", port]
    with subprocess.Popen(command, cwd=ROOT, env=environment(new_folder), stderr=subprocess.PIPE, text=True) as running:
        try:
            wait_until_healthy(int(port))
            children = children_of(running.pid)
            assert len(children) == 2
            twice = manage(new_folder, "serve", "--port", str(free_port()))
            assert (twice.returncode, "served already" in twice.stderr) == (2, True)
            running.send_signal(signal.SIGTERM)
            _printed, said = running.communicate(timeout=30)
        finally:
            running.kill()
    assert running.returncode == 0, said
    assert f"Serving at http://127.0.0.1:{port}/" in said
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_a_folder_without_tables_or_of_another_release_is_not_served(tmp_path: Path, new_folder: Path) -> None:
    query(new_folder, "DELETE FROM django_migrations WHERE app = 'visits'")
    for folder in (tmp_path / "empty", new_folder):
        folder.mkdir(exist_ok=True)
        done = manage(folder, "serve", "--port", str(free_port()))
        assert (done.returncode, done.stderr.strip()) == (
            2,
            "CommandError: The tables of this database are not those of this release: run migrate first.",
        )


def wait_until_healthy(port: int) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
