"""A backup of the embedded bank: a folder with the database as it stood at one moment, its files, and a manifest of hashes.

Left out is what is made anew (index, compiled catalogues, queue, stylesheets), and what no copy may hold: the server's own key, and the
keys of the draw, which lie outside the data folder anyway.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection

from crm.kernel.clock import now
from crm.kernel.errors import RuleBroken

FORMAT = "rapport-backup-1"
DATABASE, MANIFEST = "db.sqlite3", "manifest.json"
FILES, CMS, MAIL = "files", "cms", "mail"
_FOLDERS = (FILES, CMS, MAIL)
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Kept:
    """How many files a backup holds and rows its database has; which files rows name that were not there to be copied."""

    files: int
    rows: int
    missing: tuple[str, ...] = ()


def backup(folder: Path) -> Kept:
    """Write a backup into a folder that is empty or not there yet. People may go on working meanwhile.

    The database comes first: what its rows name was stored before them, and stays for a day after. What is missing all the same is named in
    the answer; the rest is kept. RuleBroken on another database than SQLite's, and for a folder that holds something or lies in the data
    folder.
    """
    if connection.vendor != "sqlite":
        raise RuleBroken("This database is PostgreSQL's: back it up with pg_dump, and copy files/ and cms/ of the data folder after it.")
    if folder.resolve().is_relative_to(Path(settings.DATA_DIR).resolve()):
        raise RuleBroken(f"{folder} lies in the data folder: a backup belongs elsewhere.")
    with _placed(folder) as made:
        rows = _copy_database(made / DATABASE)
        hashes, missing = {DATABASE: _hash(made / DATABASE)}, []
        for source, name in _sources(made / DATABASE):
            try:
                hashes[name] = _copy(source, made / name)
            except FileNotFoundError:
                missing.append(name)
        told = {"format": FORMAT, "made_at": now().isoformat(), "rows": rows, "sha256": hashes, "missing": missing}
        _write(made / MANIFEST, json.dumps(told, indent=1).encode())
    return Kept(len(hashes), sum(rows.values()), tuple(missing))


def restore(folder: Path, into: Path, *, verify: bool = False) -> Kept:
    """Make a data folder of a backup, at an address where nothing is. Every file is held against its hash on the way.

    `verify`: the database is also checked as SQLite checks itself, and its rows are counted. RuleBroken for what is no whole backup;
    nothing is left then.
    """
    told = _manifest(folder)
    with _placed(into) as made:
        for name, sha256 in told["sha256"].items():
            if not (folder / name).is_file():
                raise RuleBroken(f"This backup is damaged: {name} is missing.")
            if _copy(folder / name, made / name) != sha256:
                raise RuleBroken(f"This backup is damaged: {name} is not what its hash says.")
        if verify:
            _verify(made, told)
    return Kept(len(told["sha256"]), sum(told["rows"].values()), tuple(told["missing"]))


@contextmanager
def _placed(folder: Path) -> Iterator[Path]:
    """A folder filled beside its place and moved there whole; where that fails nothing is there. RuleBroken where something is already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RuleBroken(f"{folder} is not empty.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield made
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _copy_database(target: Path) -> dict[str, int]:
    """The committed state of one moment, as one file. Returns its rows by table.

    Read through a connection of its own: SQLite copies nothing from one that is within a transaction.
    """
    source = Path(connection.settings_dict["NAME"]).resolve()
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        rows = _count(copy)
    _flush(target)
    return rows


def _count(database: sqlite3.Connection) -> dict[str, int]:
    names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name")
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names.fetchall()}  # noqa: S608


def _stored(database: Path) -> Iterator[str]:
    with closing(sqlite3.connect(database)) as copy:
        for (sha256,) in copy.execute("SELECT DISTINCT sha256 FROM kernel_storedfile ORDER BY sha256").fetchall():
            yield f"{FILES}/{sha256[:2]}/{sha256}"


def _sources(database: Path) -> Iterator[tuple[Path, str]]:
    """(where, name in the backup) of what the database's rows name, the editors' pictures and papers, and the mails."""
    for name in _stored(database):
        yield Path(settings.FILES_DIR) / name.removeprefix(f"{FILES}/"), name
    for folder, root in ((CMS, Path(settings.MEDIA_ROOT)), (MAIL, Path(settings.MAIL_DIR))):
        for path in sorted(root.rglob("*")):
            if path.is_file():
                yield path, f"{folder}/{path.relative_to(root).as_posix()}"


def _copy(source: Path, target: Path) -> str:
    """Copy a file onto the disk and return the hash of what was read."""
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as read, target.open("xb") as written:
        for chunk in _chunks(read):
            digest.update(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    return digest.hexdigest()


def _chunks(file: Any) -> Iterable[bytes]:
    return iter(lambda: file.read(_CHUNK), b"")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _flush(path)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        names, rows, missing = told["sha256"], told["rows"], list(told["missing"])
        fits = told["format"] == FORMAT and DATABASE in names and all(map(_is_own, names)) and all(map(_is_count, rows.values()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RuleBroken(f"{folder} holds no backup of Rapport.") from error
    if not fits:
        raise RuleBroken(f"{folder} holds no backup of Rapport.")
    return {"sha256": names, "rows": rows, "missing": missing}


def _is_own(name: str) -> bool:
    """The database, or a file within one of the folders that a backup has."""
    path = PurePosixPath(name)
    within = len(path.parts) > 1 and path.parts[0] in _FOLDERS and ".." not in path.parts and "\\" not in name
    return name == DATABASE or within


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _verify(made: Path, told: dict[str, Any]) -> None:
    try:
        with closing(sqlite3.connect(made / DATABASE)) as database:
            sound = [line for (line,) in database.execute("PRAGMA integrity_check")] == ["ok"]
            broken = database.execute("PRAGMA foreign_key_check").fetchone()
            found = _count(database)
        missing = [name for name in _stored(made / DATABASE) if not (made / name).is_file() and name not in told["missing"]]
    except sqlite3.DatabaseError as error:
        raise RuleBroken(f"This backup is damaged: {error}.") from error
    if not sound or broken is not None or found != told["rows"] or missing:
        raise RuleBroken("This backup is damaged: its database does not hold what its manifest says.")
