"""People at work: each logs one call after another through HTTP, and sends a form again, the same one, where no answer came."""

import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.proof.servers import post

ZONE = ZoneInfo("Asia/Hong_Kong")
FOUND, TEMPORARY = 302, (500, 502, 503)
PAUSE_SECONDS, AGAIN_SECONDS = 0.02, 0.1
PATIENCE_SECONDS = 180


def call_form(mark: str) -> dict[str, str]:
    """A call that is found again by its mark."""
    moment = datetime.now(ZONE) - timedelta(minutes=5)
    return {"kind": "call", "happened_at": f"{moment:%Y-%m-%dT%H:%M}", "summary": mark, "submission": str(uuid.uuid4())}


@dataclass
class Caller:
    """One person in a thread of their own. `acknowledged` holds the marks of what the server said was done."""

    person: dict[str, Any]
    port: int
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    retries: int = 0
    ending: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        turn = 0
        while not self.ending.is_set():
            company = self.person["companies"][turn % len(self.person["companies"])]
            turn += 1
            self._log(f"proof-{uuid.uuid4()}", company)
            time.sleep(PAUSE_SECONDS)

    def _log(self, mark: str, company: int) -> None:
        form = call_form(mark)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                status, _ = post(self.port, f"/visits/log/call/?company={company}", form, session=self.person["session"])
            except OSError:
                status = 0
            if status == FOUND:
                self.acknowledged.append(mark)
                return
            if status and status not in TEMPORARY:
                self.refused.append(f"{status} {mark}")
                return
            self.retries += 1
            time.sleep(AGAIN_SECONDS)
        self.refused.append(f"no answer within {PATIENCE_SECONDS} s: {mark}")

    def end(self) -> None:
        """Finish the call under way, however often it must be sent."""
        self.ending.set()
        self.thread.join()
