"""Fixtures for all tests: the cast, the moment at which they act, and a database that is migrated once per set of migrations."""

import datetime as dt
import fcntl
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import uuid
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections
from django.middleware import csrf
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from crm.kernel.rubbish import collect_seldom, keep_what_is_loaded
from crm.staff.selectors import days_that_differ
from tests import banks, cast, refilling
from tests.servers import postgres_url, redis_url

collect_seldom()

# The same examples each time, so that a run says something of the change and not of the dice. `--hypothesis-profile=default` throws them.
hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.load_profile("same")

# A page carries several tokens of 64 random letters. Of all letters they spell a word of three that a test must not hear once in a few
# thousand pages; of these two they spell none.
csrf.CSRF_ALLOWED_CHARS = "QZ"

# Processes that make a demo bank need news, not months of it.
os.environ.setdefault("RAPPORT_DEMO_NEWS_DAYS", "30")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite: the database is a copy of a migrated one, so that migrating again finds nothing to do."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin with a copy of the migrated database: SQLite's is put in place before Django opens it, PostgreSQL copies one of its own."""
    if connection.vendor == "sqlite":
        shutil.copyfile(_migrated(), connection.settings_dict["TEST"]["NAME"])
    else:
        connection.settings_dict["TEST"]["TEMPLATE"] = _migrated_on_postgresql(os.environ["RAPPORT_TEST_DATABASE_URL"].rpartition("/")[0])


def _standing() -> str:
    """The migrations and first figures as they stand, in 24 letters."""
    digest = hashlib.sha256(f"{version('django')} {version('wagtail')}".encode() + Path(__file__).read_bytes())
    for folder in ("crm", "prospects", "search", "content", "credit"):
        for pattern in ("**/migrations/*.py", "**/policy.toml"):
            for path in sorted((ROOT / folder).glob(pattern)):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _migrated() -> Path:
    """A migrated, empty SQLite database; made by whoever comes first."""
    kept = Path(tempfile.gettempdir()) / f"rapport-migrated-{_standing()}.sqlite3"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with tempfile.TemporaryDirectory() as folder_name:
                _migrate(RAPPORT_DATA_DIR=folder_name)
                _count_apart(Path(folder_name) / "db.sqlite3")
                shutil.move(Path(folder_name) / "db.sqlite3", kept)
    return kept


def _migrated_on_postgresql(server: str) -> str:
    """The name of the migrated, empty database on this server; made by whoever comes first.

    Those of other migrations stay, for other working copies test on the same server; whoever looks after it may drop them.
    """
    kept = f"rapport_migrated_{_standing()}"
    lock_file = Path(tempfile.gettempdir()) / f"{kept}.lock"
    with lock_file.open("w") as lock, psycopg.connect(f"{server}/postgres", autocommit=True) as connected:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connected.execute("SELECT FROM pg_database WHERE datname = %s", [kept]).fetchone() is None:
            connected.execute(f'DROP DATABASE IF EXISTS "{kept}_making"')
            connected.execute(f'CREATE DATABASE "{kept}_making"')
            _migrate(RAPPORT_TEST_ON_POSTGRESQL="1", RAPPORT_TEST_DATABASE_URL=f"{server}/{kept}_making")
            connected.execute(f'ALTER DATABASE "{kept}_making" RENAME TO "{kept}"')
    return kept


def _migrate(**environment: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "crm.settings.test"} | environment
    subprocess.run(command, cwd=ROOT, env=env, check=True)


def _count_apart(database: Path) -> None:
    """Let each table count from a number of its own: whoever takes one record's id for another's finds nothing."""
    with closing(sqlite3.connect(database)) as connected, connected:
        tables = [name for (name,) in connected.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%' ORDER BY name")]
        for place, table in enumerate(tables, start=1):
            connected.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
            connected.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT ?, ? + coalesce(max(id), 0) FROM " + table, [table, place * 1000]
            )


@pytest.fixture(autouse=True)
def own_index(settings) -> None:
    """Each test has a folder of its own for the search index; it is there only once something is indexed."""
    settings.SEARCH_DIR = settings.SEARCH_DIR / uuid.uuid4().hex


@pytest.fixture
def now() -> dt.datetime:
    """Wednesday 4 March 2026, 10:00 in Hong Kong."""
    return cast.NOW


@pytest.fixture
def bank(db: None) -> cast.Bank:
    """The small bank: units and one person in each role."""
    days_that_differ.cache_clear()  # another test's bank had the same ids
    return cast.pour()


def _person(name: str):
    @pytest.fixture(name=name)
    def person(bank: cast.Bank):
        return bank.people[name]

    return person


for _name in cast.PEOPLE:
    globals()[f"_{_name}_fixture"] = _person(_name)


def _run_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder that processes which test together share."""
    own = factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session", autouse=True)
def _demo_bank_begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Makes the demo bank beside the first tests where a later one asks for it, so that nobody has to wait for it."""
    if any("demo_bank" in getattr(item, "fixturenames", ()) for item in request.session.items):
        threading.Thread(target=banks.made, args=(_run_folder(tmp_path_factory),), daemon=True).start()


@pytest.fixture(scope="session")
def demo_bank(tmp_path_factory: pytest.TempPathFactory) -> banks.Made:
    """The demo bank of this run. Processes that test together make it once."""
    return banks.made(_run_folder(tmp_path_factory))


@pytest.fixture
def ended_after_10_cpu_seconds():
    """Work that grows with the square of a name would take minutes; what grows with its length takes a fraction of a second."""
    before = signal.signal(signal.SIGVTALRM, lambda *_: pytest.fail("still not done"))
    signal.setitimer(signal.ITIMER_VIRTUAL, 10)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.fixture
def postgres() -> str:
    """The address of a PostgreSQL server to test with."""
    return postgres_url() or pytest.skip("no PostgreSQL: set RAPPORT_TEST_DATABASE_URL, or start one on loopback")


@pytest.fixture
def redis_server() -> str:
    """The address of a Redis server to test with."""
    return redis_url() or pytest.skip("no Redis: set RAPPORT_TEST_REDIS_URL, or start one on loopback")


def pytest_collection_finish() -> None:
    """The program and 6,000 tests stay: looked through again and again for cycles they would cost each run minutes."""
    keep_what_is_loaded()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast ones first: the slow and those with a browser at the end. On PostgreSQL only what asks a database at all."""
    if connection.vendor == "postgresql":
        items[:] = [item for item in items if item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)]
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, bool]:
    """The suite once more on PostgreSQL is the longest of all: it goes before the other slow ones, which fill up what it leaves."""
    marked = {name for name in ("slow", "browser", "postgres") if item.get_closest_marker(name) is not None}
    return len(marked & {"slow", "browser"}), "postgres" not in marked


_kept: dict[str, refilling.Kept] = {}


@pytest.fixture(scope="session", autouse=True)
def _kept_as_migrated(request: pytest.FixtureRequest) -> None:
    """What a new database on PostgreSQL holds, to be put back after tests with transactions of their own."""
    if connection.vendor == "postgresql":
        request.getfixturevalue("django_db_setup")
        _kept[connection.settings_dict["NAME"]] = refilling.keep(_address(connection.settings_dict["NAME"]))


def _address(database: str) -> str:
    return f"{os.environ['RAPPORT_TEST_DATABASE_URL'].rpartition('/')[0]}/{database}"


def _fill_again(_test: TransactionTestCase) -> None:
    """After a test with transactions of its own the database is what the migrations left: first figures, the editors' first page.

    Django would empty the tables instead: what the next test needs would be gone, and what is frozen would refuse.
    """
    emptied = connection.settings_dict["NAME"]
    connections.close_all()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_migrated())) as kept, closing(sqlite3.connect(emptied)) as database:
            kept.backup(database)
        return
    refilling.put_back(_address(emptied), _kept[emptied])
    with connection.cursor() as cursor:
        for table, last in cast.last_ids().items():  # the next test's bank has the ids that it had before
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table._meta.db_table, table._meta.pk.column, last])
    connections.close_all()


TransactionTestCase._fixture_teardown = _fill_again


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """In CI no server and no browser may be missing: there a test left out for want of one is a failed one."""
    outcome = yield
    report = outcome.get_result()
    missing = any(f"no {server}" in str(report.longrepr) for server in ("PostgreSQL", "Redis", "Elasticsearch", "Chromium"))
    if report.skipped and missing and os.environ.get("RAPPORT_TEST_NOTHING_LEFT_OUT"):
        report.outcome, report.longrepr = "failed", f"left out: {report.longrepr}"
