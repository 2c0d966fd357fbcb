"""Celery's filesystem transport, made safe for a writer and a reader at once: the embedded mode's broker.

As kombu ships it, a reader that comes between the creation of a message's file and its writing reads an empty one, and the worker dies;
and messages of one millisecond come in any order.
"""

import uuid
from contextlib import suppress
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import filesystem, virtual
from kombu.utils.json import dumps, loads

_BEING_WRITTEN, _TAKEN = ".part", ".taken"


class Channel(filesystem.Channel):
    """Messages appear whole or not at all (written aside, then renamed) and go to whoever renames them first."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # kombu's two parents differ
        file = Path(self.data_folder_out) / f"{time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        aside = file.with_suffix(_BEING_WRITTEN)
        aside.write_text(dumps(payload), encoding="utf-8")
        aside.rename(file)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for file in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            taken = file.with_suffix(_TAKEN)
            with suppress(FileNotFoundError):
                file.rename(taken)
                message = loads(taken.read_text(encoding="utf-8"))
                taken.unlink()
                return message
        raise Empty


class Transport(filesystem.Transport):
    """The transport that the embedded settings name."""

    Channel = Channel
    global_state = virtual.BrokerState()
