"""A real demo bank for the browser: made once a run, copied for each process, served by its own command."""

import fcntl
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from tests.banks import ROOT, Made, demo, environment

PASSWORD = "walk-through-the-day"
_READY_WITHIN_SECONDS = 120


def opened(bank: Made, folder: Path) -> Path:
    """The data folder of the run's demo bank under our password; copied by whoever comes first."""
    kept = folder / "demo-bank-opened"
    with (folder / "demo-bank-opened.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            copied = bank.copied(folder / "demo-bank-to-be-opened")
            done = demo(copied, "--no-serve", "--json", "--password", PASSWORD)
            if bank.code or done.returncode:
                raise RuntimeError(f"The demo bank could not be made:\n{(bank.said + done.stderr)[-4000:]}")
            copied.rename(kept)
    return kept


@contextmanager
def served(bank: Path, folder: Path) -> Iterator[str]:
    """Serve a copy of the bank with web server and worker; gives its address."""
    data = folder / "data"
    shutil.copytree(bank, data)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=environment(data), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, running, folder / "log")
            yield base
        finally:
            # How it ends when it is asked to, tests/demo sees; its web server and worker end with it.
            running.kill()
            running.wait(timeout=60)


def _wait(base: str, running: subprocess.Popen[bytes], log: Path) -> None:
    """Until it says itself that it serves, and answers: the port may have gone to somebody else's server in between."""
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    while time.monotonic() < deadline and running.poll() is None:
        try:
            if f"Serving at {base}/" in log.read_text():
                with urllib.request.urlopen(f"{base}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
        except (URLError, OSError):
            pass
        time.sleep(0.2)
    raise RuntimeError(f"The demo bank does not answer:\n{log.read_text()[-4000:]}")
