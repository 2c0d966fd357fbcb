"""A process that follows its supervisor ends with it; one that nobody looks after goes on."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crm.kernel.lifeline import SUPERVISED

ROOT = Path(__file__).resolve().parents[2]
GRANDCHILD = "from crm.kernel.lifeline import follow_supervisor; follow_supervisor(); import time; time.sleep(60)"
PARENT = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {GRANDCHILD!r}]).pid, flush=True); input()"


@pytest.fixture
def family():
    """Starts a parent with a child of its own; gives both, and ends whatever is left."""
    children = []

    def start(**environment: str) -> tuple[subprocess.Popen[str], int]:
        env = {name: value for name, value in os.environ.items() if name != SUPERVISED} | environment
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT], cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        child = int(parent.stdout.readline())
        children.append(child)
        time.sleep(1)
        return parent, child

    yield start
    for child in children:
        if lives(child):
            os.kill(child, 9)


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
@pytest.mark.parametrize(("environment", "goes_on"), [({SUPERVISED: "1"}, False), ({}, True)])
def test_a_supervised_process_does_not_outlive_a_parent_that_was_killed(family, environment, goes_on):
    parent, child = family(**environment)
    assert lives(child)
    parent.kill()
    parent.wait()
    time.sleep(0.5)
    assert lives(child) is goes_on
