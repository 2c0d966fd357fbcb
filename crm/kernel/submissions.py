"""A form or API call is carried out once: a second click or a replay gets the first answer."""

import datetime as dt
import hashlib
import json
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken, Sentence

_KEEP = dt.timedelta(days=30)
_WAIT_SECONDS, _ASK_ANEW_MILLISECONDS = 60.0, 200
_FORM_REUSED = _("This form was sent before with other content. Open it again and send it anew.")
Answer = TypeVar("Answer")


class Submission(models.Model):
    """One carried-out form or API call, under the key that came with it."""

    key = models.CharField(max_length=100)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    operation = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "operation", "key"], name="kernel_submission_once")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"


def new_key() -> str:
    """A key for a fresh form."""
    return str(uuid.uuid4())


def body_hash(body: Any) -> str:
    """A digest of what was sent, whatever its order of keys."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def in_turn(action: Callable[[], Answer]) -> Answer:
    """Run `action` in one transaction; on SQLite, wait for its lock as one of many, for a minute at most.

    SQLite lets whoever waits ask less and less often, so that of many writers the newest come first and one may wait in vain. Here each
    begins to wait anew every fifth of a second: all ask equally often. Nothing of the action has run by then. OperationalError when the
    minute is over, and where it arises in the action itself.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            return action()
    give_up, begun = time.monotonic() + _WAIT_SECONDS, False
    with _patience(_ASK_ANEW_MILLISECONDS):
        while True:
            try:
                with transaction.atomic():
                    begun = True
                    return action()
            except OperationalError as error:
                busy = getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
                if begun or not busy or time.monotonic() > give_up:
                    raise


@contextmanager
def _patience(milliseconds: int) -> Iterator[None]:
    """How long SQLite itself waits for its lock, on this connection; afterwards as it was."""
    connection.ensure_connection()
    kept = connection.connection
    before = kept.execute("PRAGMA busy_timeout").fetchone()[0]
    kept.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        if connection.connection is kept:
            kept.execute(f"PRAGMA busy_timeout = {before}")


def submit_once(
    key: str, *, actor: Any, operation: str, body: Any, action: Callable[[], dict[str, Any]], reused: Sentence = _FORM_REUSED
) -> dict[str, Any]:
    """Run `action` and keep its JSON answer under `key`, in one transaction; or return the answer kept before.

    Twenty copies at once: one takes the unique row, the others wait for its commit and read its answer. Raises RuleBroken (code
    `key_reused`, in the words of `reused`) where the same key comes with another body. An action that raises leaves no row, so it may
    be tried again.
    """
    digest = body_hash(body)

    def first() -> dict[str, Any]:
        with transaction.atomic():
            row = Submission.objects.create(actor=actor, operation=operation, key=key, body_hash=digest)
        row.answer = action()
        row.save(update_fields=["answer"])
        return row.answer

    try:
        return in_turn(first)
    except IntegrityError:
        # Taken before, or at this moment by another copy, which we have waited for. Any other clash is the action's own.
        kept = Submission.objects.filter(actor=actor, operation=operation, key=key).first()
        if kept is None:
            raise
    if kept.body_hash != digest:
        raise RuleBroken(reused, code="key_reused")
    return kept.answer


def forget_old(*, now: dt.datetime) -> int:
    """Drop keys older than 30 days."""
    return Submission.objects.filter(at__lt=now - _KEEP).delete()[0]
