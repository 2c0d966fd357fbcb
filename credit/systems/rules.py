"""Signatures, waits and the shape of addresses. Pure functions."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"https": 443, "http": 80}
LONGEST_URL = 500


def is_allowed(url: str, hosts: Iterable[str]) -> bool:
    """Whether a webhook may stand at an address: https, or http on this machine, at a listed `host` (usual port) or `host:port`."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return False
    if not host or "@" in parts.netloc or len(url) > LONGEST_URL or any(not "!" <= mark <= "~" for mark in url) or "\\" in url:
        return False
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return False
    listed = {entry.lower() for entry in hosts}
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}" in listed or (port == _PORTS[parts.scheme] and shown in listed)


def body_of(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and sent: JSON with sorted keys, times in ISO 8601."""
    return json.dumps(payload, default=_moment, ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode()


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def sign(secret: str, *, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 in hex over `timestamp.body`; the receiver refuses a timestamp that is not of these minutes."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def signature(secrets: Iterable[str], *, timestamp: int, body: bytes) -> str:
    """`t=1772589600,v1=…`, with a further `v1` by the secret before while it still holds."""
    return ",".join([f"t={timestamp}", *(f"v1={sign(secret, timestamp=timestamp, body=body)}" for secret in secrets)])


def wait(attempt: int, *, first: int, factor: int, longest: int) -> dt.timedelta:
    """How long to wait after the attempt of this number (from 1): grows by the factor each time, up to the longest. All in seconds."""
    return dt.timedelta(seconds=min(longest, first * factor ** (min(attempt, 40) - 1)))


def took(status: int) -> bool:
    """Whether the receiver took the event: any answer of the 200s. A redirect is none."""
    return 200 <= status < 300
