"""Eight people at once through the real server, ours and the floor in turn: requests per second, the spread of times, memory."""

import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.figures import Figure, rounded
from tests.benchmarks.stores import ROOT, SETTINGS, Store, environment, run

AT_ONCE, WORKERS, ROUNDS, SECONDS = 8, 2, 3, 2.0
FLOOR_SETTINGS = "tests.benchmarks.floor_settings"
HOST = "127.0.0.1"
START_SECONDS = 60
SPREAD_GOAL, MEMORY_GOAL = 2.5, 1.8


@dataclass(frozen=True, slots=True)
class Target:
    """A page under load, the floor of as many rows, and what share of its rate is the goal."""

    name: str
    path: str
    rows: int
    goal: float


@dataclass
class Load:
    """What came of asking one address for some seconds, by round."""

    rates: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """Of all times, in milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(folder: Path, store: Store) -> list[Figure]:
    """Throughput, spread and memory on one database."""
    signed_in = json.loads(run(["-m", "tests.benchmarks.sign_in"], env=environment(folder, store.address)))
    targets = [Target(**target) for target in signed_in["targets"]]
    figures: list[Figure] = []
    with _server(folder, store, SETTINGS) as ours, _server(folder, store, FLOOR_SETTINGS) as bare:
        for target in targets:
            load, floor = Load(), Load()
            for _ in range(ROUNDS):
                _ask(bare.port, f"/rows/{target.rows}/", signed_in["bare"], floor)
                _ask(ours.port, target.path, signed_in["session"], load)
            figures += _figures(f"serving.{store.vendor}.{store.size}.{target.name}", target, load, floor)
        memory, least = ours.memory(), bare.memory()
    name = f"serving.{store.vendor}.{store.size}.memory"
    figures.append(Figure(f"{name}_mb", rounded(memory), "MB", f"{WORKERS} workers (PSS) after the load; floor: {rounded(least)} MB"))
    figures.append(Figure(f"{name}_times_floor", rounded(memory / least), "x", f"goal: at most {MEMORY_GOAL}"))
    return figures


def _figures(name: str, target: Target, load: Load, floor: Load) -> list[Figure]:
    shares = statistics.median(ours / theirs for ours, theirs in zip(load.rates, floor.rates, strict=True))
    spread = load.quantile(0.95) / load.quantile(0.5)
    beside = f"floor of {target.rows} rows: {rounded(statistics.median(floor.rates))} 1/s"
    return [
        Figure(f"{name}.per_second", rounded(statistics.median(load.rates)), "1/s", beside),
        Figure(f"{name}.share_of_floor", rounded(shares), "x", f"goal: at least {rounded(target.goal)}"),
        Figure(f"{name}.p50_ms", rounded(load.quantile(0.5)), "ms", f"{AT_ONCE} at once"),
        Figure(f"{name}.p95_over_p50", rounded(spread), "x", f"goal on a quiet machine: at most {SPREAD_GOAL}"),
    ]


@dataclass(frozen=True, slots=True)
class _Server:
    process: subprocess.Popen[bytes]
    port: int

    def memory(self) -> float:
        """Proportional memory of the workers, in MB: shared pages are shared out."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(_pss(int(pid)) for pid in children) / 1024


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@contextmanager
def _server(folder: Path, store: Store, settings: str) -> Iterator[_Server]:
    """Two workers on a free port, ended when the block ends."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", str(WORKERS)]
    command += ["--blocking-threads", "4", "--log-level", "error", "crm.wsgi:application"]
    env = environment(folder, store.address, settings=settings)
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(port)
        yield _Server(process, port)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(f"The server did not answer within {START_SECONDS} s.")


def _ask(port: int, path: str, session: str, load: Load) -> None:
    """Eight connections that are kept, each asking again as soon as it is answered."""
    until = time.monotonic() + SECONDS
    taken: list[list[float]] = [[] for _ in range(AT_ONCE)]
    callers = [threading.Thread(target=_call, args=(port, path, session, until, times)) for times in taken]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    times = [time for own in taken for time in own]
    load.rates.append(len(times) / SECONDS)
    load.times += times


def _call(port: int, path: str, session: str, until: float, times: list[float]) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    headers = {"Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"}
    while time.monotonic() < until:
        start = time.perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
        times.append((time.perf_counter() - start) * 1000)
    connection.close()
