"""JSON in one form only, so that the same values have the same bytes and the same hash everywhere. Pure; no Django."""

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """Keys in order, no blanks, UTF-8, no numbers that are not finite. TypeError or ValueError for what JSON cannot say."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")


def digest(content: bytes) -> str:
    """SHA-256 in 64 letters."""
    return hashlib.sha256(content).hexdigest()


def digest_of(value: Any) -> str:
    """SHA-256 of a value in its one form."""
    return digest(canonical(value))
