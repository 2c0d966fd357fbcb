"""Many at once, as real processes that all start at the same moment."""

import json
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import OperationalError, connections

from crm.kernel.errors import DomainError

BUSY_TURNS = 50


def together(works: Sequence[Callable[[], Any]]) -> tuple[list[Any], float]:
    """Run each in a process of its own, all let go at one instant. What each returned (as JSON carries it), and the seconds until the last.

    RuntimeError, with what was raised, where one of them failed.
    """
    connections.close_all()
    ready, go = os.pipe(), os.pipe()
    children = [_fork(work, ready, go) for work in works]
    for _ in children:
        os.read(ready[0], 1)
    started = time.monotonic()
    os.write(go[1], b"g" * len(children))
    answers = []
    for pid, pipe in children:
        with os.fdopen(pipe) as answer:
            answers.append(json.load(answer))
        os.waitpid(pid, 0)
    seconds = time.monotonic() - started
    for end in (*ready, *go):
        os.close(end)
    if failed := [failure for _answer, failure in answers if failure]:
        raise RuntimeError("; ".join(failed))
    return [answer for answer, _failure in answers], seconds


def _fork(work: Callable[[], Any], ready: tuple[int, int], go: tuple[int, int]) -> tuple[int, int]:
    answer, tell = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tell)
        return pid, answer
    os.write(ready[1], b"r")
    os.read(go[0], 1)
    try:
        told = json.dumps([work(), ""])
    except BaseException as error:
        told = json.dumps([None, f"{type(error).__name__}: {error}"])
    os.write(tell, told.encode())
    os._exit(0)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[str]:
    """What came of each act, all begun at one instant: "done", the code of its refusal, or "busy" where its turn never came."""
    return together([lambda act=act: outcome(act) for act in acts])[0]


def outcome(act: Callable[[], Any]) -> str:
    """What came of one act. A database that is busy is asked again, as a page asks its reader to try again."""
    for _turn in range(BUSY_TURNS):
        try:
            act()
        except DomainError as error:
            return error.code
        except OperationalError:
            time.sleep(0.05)
        else:
            return "done"
    return "busy"
