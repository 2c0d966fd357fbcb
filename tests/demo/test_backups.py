"""A backup of the embedded bank: whole, of one moment, restored to the same bank; what it must not hold; what is refused (T24)."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection

from crm.demo import backups
from crm.kernel.files import StoredFile, content_path, store
from tests import cast
from tests.banks import environment
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own tools")
CONTENT = b"%PDF-1.7 the deed of the mill"


@pytest.fixture
def held(transactional_db: None) -> StoredFile:
    """A bank with its people, and a paper that one of them brought."""
    return store([CONTENT], name="deed.pdf", media_type="application/pdf", owner=cast.pour().rm)


def contents(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as opened:
        return list(opened.iterdump())


def test_what_was_backed_up_is_restored_and_serves_as_the_same_bank(held: StoredFile, tmp_path: Path, capsys: Any) -> None:
    (configured.MEDIA_ROOT / "images").mkdir(parents=True, exist_ok=True)
    (configured.MEDIA_ROOT / "images" / "tower.png").write_bytes(b"png")
    call_command("backup", str(tmp_path / "kept"), "--json")
    told = json.loads(capsys.readouterr().out)
    call_command("restore", str(tmp_path / "kept"), "--into", str(tmp_path / "new"), "--verify", "--json")
    assert json.loads(capsys.readouterr().out) == told
    assert told["ok"]
    assert told["files"] >= 3
    assert told["rows"] > 1000
    assert contents(tmp_path / "new" / "db.sqlite3") == contents(Path(connection.settings_dict["NAME"]))
    assert (tmp_path / "new" / "files" / held.sha256[:2] / held.sha256).read_bytes() == CONTENT
    assert (tmp_path / "new" / "cms" / "images" / "tower.png").read_bytes() == b"png"
    checked = subprocess.run(
        [sys.executable, "manage.py", "check_invariants", "--json"],
        cwd=ROOT, env=environment(tmp_path / "new"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert json.loads(checked.stdout)["broken"] == []
    assert checked.returncode == 0


def test_a_backup_is_of_one_moment_while_others_write(held: StoredFile, tmp_path: Path) -> None:
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE kernel_storedfile SET name = 'half done'")
        backups.backup(tmp_path / "kept")
        writer.execute("COMMIT")
    with closing(sqlite3.connect(tmp_path / "kept" / "db.sqlite3")) as copy:
        assert copy.execute("SELECT name FROM kernel_storedfile").fetchall() == [("deed.pdf",)]


def test_neither_the_servers_key_nor_what_is_made_anew_is_in_it(held: StoredFile, tmp_path: Path) -> None:
    for name in ("secret-key", "search/segment", "broker/queue/message", "static/ui.css"):
        (configured.DATA_DIR / name).parent.mkdir(parents=True, exist_ok=True)
        (configured.DATA_DIR / name).write_text("no part of a backup")
    backups.backup(tmp_path / "kept")
    assert {path.name for path in (tmp_path / "kept").iterdir()} <= {"db.sqlite3", "manifest.json", "files", "cms", "mail"}
    assert not [path for path in (tmp_path / "kept").rglob("*") if path.is_file() and b"no part of a backup" in path.read_bytes()]


def _cut(folder: Path, held: StoredFile) -> None:
    database = folder / "db.sqlite3"
    database.write_bytes(database.read_bytes()[:-4096])


def _changed(folder: Path, held: StoredFile) -> None:
    (folder / "files" / held.sha256[:2] / held.sha256).write_bytes(CONTENT[:-1] + b"!")


def _gone(folder: Path, held: StoredFile) -> None:
    (folder / "files" / held.sha256[:2] / held.sha256).unlink()


def _headless(folder: Path, held: StoredFile) -> None:
    (folder / "manifest.json").write_text("{}")


@pytest.mark.parametrize("damage", [_cut, _changed, _gone, _headless])
def test_a_damaged_backup_is_refused_and_leaves_nothing(held: StoredFile, tmp_path: Path, damage: Any) -> None:
    backups.backup(tmp_path / "kept")
    damage(tmp_path / "kept", held)
    with pytest.raises(CommandError) as refused:
        call_command("restore", str(tmp_path / "kept"), "--into", str(tmp_path / "new"))
    assert refused.value.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_backup_that_names_a_file_elsewhere_is_refused(held: StoredFile, tmp_path: Path) -> None:
    backups.backup(tmp_path / "kept")
    told = json.loads((tmp_path / "kept" / "manifest.json").read_text())
    told["sha256"]["files/../../outside"] = hashlib.sha256(CONTENT).hexdigest()
    (tmp_path / "kept" / "manifest.json").write_text(json.dumps(told))
    (tmp_path / "outside").write_bytes(CONTENT)
    with pytest.raises(CommandError, match="holds no backup"):
        call_command("restore", str(tmp_path / "kept"), "--into", str(tmp_path / "below" / "new"))
    assert not (tmp_path / "below").exists()


def test_rows_that_are_not_those_of_the_manifest_are_found_by_verifying(held: StoredFile, tmp_path: Path) -> None:
    backups.backup(tmp_path / "kept")
    told = json.loads((tmp_path / "kept" / "manifest.json").read_text())
    told["rows"]["kernel_storedfile"] += 1
    (tmp_path / "kept" / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(CommandError, match="does not hold what its manifest says"):
        call_command("restore", str(tmp_path / "kept"), "--into", str(tmp_path / "new"), "--verify")
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_missing_is_named_and_the_rest_is_kept(held: StoredFile, tmp_path: Path, capsys: Any) -> None:
    content_path(held.sha256).unlink()
    with pytest.raises(SystemExit) as ended:
        call_command("backup", "--out", str(tmp_path / "kept"), "--json")
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert held.sha256 in told.err
    assert json.loads(told.out)["ok"] is False
    assert backups.restore(tmp_path / "kept", tmp_path / "new", verify=True).missing == (f"files/{held.sha256[:2]}/{held.sha256}",)


def test_a_folder_that_holds_something_or_lies_in_the_data_folder_is_refused(held: StoredFile, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep me")
    for folder, said in ((tmp_path, "is not empty"), (configured.DATA_DIR / "backup", "data folder")):
        with pytest.raises(CommandError, match=said) as refused:
            call_command("backup", str(folder))
        assert refused.value.returncode == 2
    assert (tmp_path / "mine").read_text() == "keep me"
    with pytest.raises(CommandError, match="Name one folder"):
        call_command("backup")


def test_on_postgresql_it_is_refused_and_names_the_tool(tmp_path: Path) -> None:
    own = {"RAPPORT_TEST_ON_POSTGRESQL": "1", "RAPPORT_TEST_DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:9/rapport"}
    env = os.environ | own | {"DJANGO_SETTINGS_MODULE": "crm.settings.test"}
    asked = [sys.executable, "manage.py", "backup", str(tmp_path / "kept")]
    done = subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pg_dump" in done.stderr
    assert not (tmp_path / "kept").exists()
