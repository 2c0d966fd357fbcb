"""The secret keys of the draw: one a year, in a file of mode 0600 outside the data folder and its backups; each shown in full once."""

import base64
import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

BYTES = 32
_MODE = 0o600


class KeyMissing(Exception):
    """There is no key for a year, and none may be made by the machine itself."""


def secret_of(year: int) -> bytes:
    """The key of a year; made where it is missing and the settings allow it. KeyMissing, or ImproperlyConfigured for a file that leaks."""
    held = _read()
    if str(year) not in held:
        if not settings.DRAW_KEYS_MAKE:
            raise KeyMissing(f"There is no key for the draws of {year}. Make it with draw_key --year {year}.")
        with _alone():
            held = _read()
            held.setdefault(str(year), _fresh())
            _write(held)
    return bytes.fromhex(held[str(year)]["secret"])


def escrow(year: int) -> str | None:
    """The copy of a year's key for the safe, given once; the key is made where it is missing. None where it was given before."""
    with _alone():
        held = _read()
        one = held.setdefault(str(year), _fresh())
        if one["escrowed"]:
            return None
        one["escrowed"] = True
        _write(held)
    return base64.b32encode(bytes.fromhex(one["secret"])).decode().rstrip("=")


def from_escrow(text: str) -> bytes:
    """The key that an escrow copy tells. ValueError where it is none."""
    tidy = "".join(text.split()).upper().replace("-", "")
    found = base64.b32decode(tidy + "=" * (-len(tidy) % 8))
    if len(found) != BYTES:
        raise ValueError("This is no copy of a key.")
    return found


def _fresh() -> dict[str, Any]:
    return {"secret": secrets.token_hex(BYTES), "escrowed": False}


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time, so that two never make two keys of one year."""
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _path() -> Path:
    path = Path(settings.DRAW_KEYS)
    if path.resolve().is_relative_to(Path(settings.DATA_DIR).resolve()):
        raise ImproperlyConfigured("RAPPORT_DRAW_KEYS must lie outside the data folder, which is backed up.")
    return path


def _read() -> dict[str, dict[str, Any]]:
    path = _path()
    if not path.exists():
        return {}
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ImproperlyConfigured("The file of RAPPORT_DRAW_KEYS can be read by others: set its mode to 0600.")
    held: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return held


def _write(held: dict[str, dict[str, Any]]) -> None:
    path = _path()
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(held, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
