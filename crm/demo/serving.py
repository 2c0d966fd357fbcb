"""Runs an embedded bank: the web server and the worker with its clock as two child processes, ended together."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from django.conf import settings

from crm.kernel.lifeline import SUPERVISED, end_with_parent

# SQLite takes one writer at a time and Python one core a process: one web process with a few threads is what a laptop can use.
WEB_WORKERS = 1
WEB_THREADS = 4
WORKER_THREADS = 2
GRACE_SECONDS = 15
_LOOK_EVERY_SECONDS = 0.2
_STANDARD_ERROR = 2
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised, not bound


@contextmanager
def held() -> Iterator[bool]:
    """Hold the data folder while it is made or served, so that nobody throws away what is served, or serves it twice.

    False: another process holds it.
    """
    with (settings.DATA_DIR / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def is_free(host: str, port: int) -> bool:
    """Nothing else listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The two child processes' commands, by what they are."""
    python = [sys.executable, "-m"]
    web = ["granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(WEB_WORKERS)]
    web += ["--blocking-threads", str(WEB_THREADS), "--log-level", "warning", "crm.wsgi:application"]
    worker = ["celery", "--app", "crm.celery", "--quiet", "worker", "--beat", "--pool", "threads", "--concurrency", str(WORKER_THREADS)]
    worker += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    return {"web server": python + web, "worker": python + worker}


def environment(host: str) -> dict[str, str]:
    """The children's environment: as ours, the host names under which a bound address may be asked for, and that they are looked after."""
    names = [
        *os.environ.get("RAPPORT_HOSTS", "").split(","),
        *([socket.gethostname(), *_own_addresses()] if host in _EVERYWHERE else [host]),
    ]
    return {**os.environ, "RAPPORT_HOSTS": ",".join(filter(None, names)), "PYTHONUNBUFFERED": "1", SUPERVISED: "1"}


def serve(host: str, port: int, *, ready: Callable[[], None]) -> int:
    """Run both until Ctrl-C, SIGTERM or until one of them ends. Calls `ready` when the server listens.

    Returns the exit code: 0 when it was asked to end, 1 when a child ended by itself (it is not started again).
    """
    asked = False

    def ask(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    started = {name: _start(command, environment(host)) for name, command in commands(host, port).items()}
    announced = False
    try:
        while not asked and all(child.poll() is None for child in started.values()):
            if not announced and not is_free(host, port):
                announced = True
                ready()
            time.sleep(_LOOK_EVERY_SECONDS)
        for name, child in started.items():
            if child.poll() is not None:
                sys.stderr.write(f"The {name} ended by itself (exit {child.returncode}).\n")
    finally:
        _end(list(started.values()))
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0 if asked else 1


def _start(command: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """A child of ours. It writes to standard error, so that nothing but our own report stands on standard output."""
    return subprocess.Popen(  # noqa: S603 - our own command, no input of anybody's
        command, env=env, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=_STANDARD_ERROR, preexec_fn=end_with_parent
    )


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _own_addresses() -> list[str]:
    try:
        return socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        return []
