"""The web server and the worker as shipped, as processes that can be killed without a word and started again."""

import http.client
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlencode

from crm.demo.serving import commands, environment
from tests.proof import ground

HOST = "127.0.0.1"
TOKEN = "p" * 32
WEB, WORKER = "web server", "worker"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Server:
    """One of the two, in a process group of its own. `left` holds the groups of those that were killed."""

    def __init__(self, name: str, folder: Path, port: int, *, fault: str = "") -> None:
        self.command = commands(HOST, port)[name]
        # A short lease: what a dead worker held is handed over again soon, so that a proof need not last an hour.
        own = {"RAPPORT_OUTBOX_LEASE_SECONDS": "5", "RAPPORT_PROOF_FAULT": fault}
        self.env = environment(HOST) | ground.environment(folder) | own
        self.log = (folder / f"{name.replace(' ', '-')}.log").open("ab")
        self.left: list[int] = []
        self.start()

    def start(self) -> None:
        """Start it, as a person or a supervisor would after a crash."""
        self.process = subprocess.Popen(
            self.command, cwd=ground.ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def kill(self, *, whole_group: bool) -> None:
        """kill -9: the main process alone, as the kernel's out-of-memory killer does, or all of its processes, as a power cut does."""
        group = self.process.pid
        if whole_group:
            os.killpg(group, signal.SIGKILL)
        else:
            self.process.kill()
        self.process.wait()
        self.left.append(group)

    def stop(self) -> None:
        """End it, and whatever its predecessors left behind."""
        self.kill(whole_group=True)
        for pid in self._left_behind():
            os.kill(pid, signal.SIGKILL)
        self.log.close()

    def orphans(self) -> int:
        """How many processes of predecessors still run."""
        return len(self._left_behind())

    def _left_behind(self) -> list[int]:
        """Only processes that bear our data folder: the number of a dead group may be somebody else's by now."""
        own = f"RAPPORT_DATA_DIR={self.env['RAPPORT_DATA_DIR']}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(entry.name)) in self.left and own in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found


def wait_until_up(port: int, *, seconds: float = 60.0) -> float:
    """Ask for /healthz until it answers 200. Returns how long that took; RuntimeError where it never did."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            if get(port, "/healthz", timeout=2) == 200:
                return time.monotonic() - began
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The web server was not up within {seconds:g} s.")


def get(port: int, path: str, *, timeout: float) -> int:
    """The status of an address."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def post(port: int, path: str, fields: dict[str, str], *, session: str, timeout: float = 30) -> tuple[int, str]:
    """Send a form as a signed-in person's browser does. Returns status and where it leads to; OSError where the connection broke."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
    body = urlencode({**fields, "csrfmiddlewaretoken": TOKEN})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    else:
        return response.status, response.headers.get("Location", "")
    finally:
        connection.close()
