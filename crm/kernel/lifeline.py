"""Processes that end with the one that started them, even where that one is killed without a word.

The web server and the worker each start a process of their own (the server's worker, the worker's clock). Without this they would live on
after a kill -9 of their parent: an old web server beside the new one on the same port, and one more clock after every crash.
"""

import ctypes
import os
import signal
import sys

SUPERVISED = "RAPPORT_SUPERVISED"
"""Set in the environment by whoever starts web server and worker as children and looks after them."""

_SET_PARENT_DEATH_SIGNAL = 1
_ADOPTED = 1


def end_with_parent(by: signal.Signals = signal.SIGTERM) -> None:
    """Linux: ask the kernel to end this process, by a signal, when its parent dies. Elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, by)


def follow_supervisor() -> None:
    """The same for a child of a supervised process, at once and without a last word: a busy server may miss a polite signal.

    Ends now where the parent has died already.
    """
    if os.environ.get(SUPERVISED):
        end_with_parent(signal.SIGKILL)
        if os.getppid() == _ADOPTED:
            os.kill(os.getpid(), signal.SIGKILL)
