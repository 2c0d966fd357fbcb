"""Databases that a benchmark makes for itself and removes: one per size, copied from one that was migrated once."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "tests.benchmarks.settings"
GIVEN = "RAPPORT_TEST_DATABASE_URL"
VENDORS = ("sqlite", "postgresql")
_LIKELY = ("postgres://rapport@127.0.0.1:5432/postgres", "postgres://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True, slots=True)
class Store:
    """One database: of which kind, for how many companies, and where."""

    vendor: str
    size: int
    address: str


def environment(folder: Path, address: str, *, settings: str = SETTINGS) -> dict[str, str]:
    """The environment of a child process that works on one database with its own data folder."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "RAPPORT_DATA_DIR": str(folder / "data"),
        "RAPPORT_BENCHMARK_DATABASE": address,
        "PYTHONPATH": str(ROOT),
    }


def run(command: Sequence[str], *, env: dict[str, str]) -> str:
    """Run a child with this Python; its standard output. Its errors go to ours."""
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def postgresql() -> str | None:
    """The server to use: the one of the environment, else one that answers on loopback; None where there is none."""
    given = os.environ.get(GIVEN, "")
    for url in [given] if given else _LIKELY:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            continue
        return url
    return None


@contextmanager
def seeded(sizes: Sequence[int], *, vendors: Sequence[str] = VENDORS) -> Iterator[tuple[Path, list[Store]]]:
    """A temporary folder, and a seeded database per kind and size; both kinds are prepared at once. All are gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as name:
        folder = Path(name)
        server = postgresql() if "postgresql" in vendors else None
        makers = [_SQLite(folder)] if "sqlite" in vendors else []
        makers += [_PostgreSQL(folder, server)] if server else []
        try:
            with ThreadPoolExecutor() as pool:
                found = [store for stores in pool.map(lambda maker: _prepare(maker, sizes), makers) for store in stores]
            yield folder, found
        finally:
            for maker in makers:
                maker.remove()


@contextmanager
def migrated(vendor: str, folder: Path, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """The addresses of migrated, empty databases by name; none where there is no server for them. They are gone when the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    server = postgresql() if vendor == "postgresql" else None
    if vendor == "postgresql" and server is None:
        yield {}
        return
    maker = _PostgreSQL(folder, server) if server else _SQLite(folder)
    try:
        address = maker.template()
        run(["manage.py", "migrate", "--skip-checks", "--verbosity", "0"], env=environment(folder, address))
        yield {name: maker.copy(name) for name in names}
    finally:
        maker.remove()


def _prepare(maker: "_SQLite | _PostgreSQL", sizes: Sequence[int]) -> list[Store]:
    template = maker.template()
    run(["manage.py", "migrate", "--skip-checks", "--verbosity", "0"], env=environment(maker.folder, template))
    found = []
    for size in sizes:
        store = Store(maker.vendor, size, maker.copy(size))
        run(["-m", "tests.benchmarks.seed", str(size), store.address], env=environment(maker.folder, store.address))
        found.append(store)
    return found


class _SQLite:
    """Files in a folder."""

    vendor = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def template(self) -> str:
        """The address of the database that is migrated."""
        return str(self.folder / "template.sqlite3")

    def copy(self, size: int | str) -> str:
        """A copy of it."""
        return shutil.copyfile(self.template(), str(self.folder / f"{size}.sqlite3"))

    def remove(self) -> None:
        """The folder goes as a whole."""


class _PostgreSQL:
    """Databases of a server, named after this process."""

    vendor = "postgresql"

    def __init__(self, folder: Path, server: str) -> None:
        self.folder = folder
        self.server = server
        self.names: list[str] = []

    def template(self) -> str:
        """Make the database that is migrated."""
        return self._make("")

    def copy(self, size: int | str) -> str:
        """Make a copy of it."""
        return self._make(f"_{size}", self.names[0])

    def remove(self) -> None:
        """Drop all."""
        for name in self.names:
            _on(self.server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _make(self, suffix: str, *template: str) -> str:
        self.names.append(f"rapport_benchmark_{os.getpid()}{suffix}")
        _on(self.server, "CREATE DATABASE {}" + " TEMPLATE {}" * len(template), self.names[-1], *template)
        return f"{self.server.rsplit('/', 1)[0]}/{self.names[-1]}"


def _on(server: str, statement: str, *names: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
