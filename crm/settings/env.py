"""Typed readers of environment variables; every error names the variable and says what it expects."""

import ipaddress
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def text(name: str, *, default: str | None = None) -> str:
    """The variable's text. Raises ImproperlyConfigured where it is neither set nor given a default."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} must be set.")
    return default


def boolean(name: str, *, default: bool) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off (any case)."""
    value = text(name, default="").lower()
    if not value:
        return default
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value in _TRUE


def integer(name: str, *, default: int, minimum: int = 0) -> int:
    """A whole number not below `minimum`."""
    value = text(name, default=str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error
    if number < minimum:
        raise ImproperlyConfigured(f"{name} must be {minimum} or more, not {number}.")
    return number


def choice(name: str, allowed: Sequence[str], *, default: str) -> str:
    """One of `allowed`."""
    value = text(name, default=default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def words(name: str, *, default: Sequence[str] | None = None) -> list[str]:
    """A list separated by commas, blanks dropped."""
    value = text(name, default=None if default is None else ",".join(default))
    return [word.strip() for word in value.split(",") if word.strip()]


def networks(name: str) -> list[str]:
    """A list of networks such as `10.2.0.0/16`, separated by commas; empty where it is not set."""
    found = words(name, default=())
    for network in found:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} must list networks such as 10.2.0.0/16, not {network!r}.") from error
    return found


def path(name: str, *, default: Path) -> Path:
    """An absolute path."""
    return Path(text(name, default=str(default))).expanduser().resolve()


def database(name: str) -> dict[str, Any]:
    """Django's database settings from a URL such as `postgres://user:password@host:5432/rapport`."""
    value = text(name)
    if not value.startswith(("postgres://", "postgresql://", "sqlite://")):
        raise ImproperlyConfigured(f"{name} must begin with postgres:// or sqlite://.")
    try:
        return dict(environ.Env.db_url_config(value))
    except (ValueError, TypeError, environ.ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} is not a database address.") from error


def email(name: str) -> dict[str, Any]:
    """Django's EMAIL_* settings from a URL such as `smtp+tls://user:password@host:587`."""
    value = text(name)
    try:
        return dict(environ.Env.email_url_config(value))
    except (ValueError, TypeError, KeyError, environ.ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} is not a mail server's address.") from error


def server(name: str) -> str:
    """The address of an HTTP server such as `https://user:password@host:9200`, without a slash at its end; empty where it is not set."""
    value = text(name, default="").rstrip("/")
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise ImproperlyConfigured(f"{name} must be an address such as https://host:9200.")
    return value
