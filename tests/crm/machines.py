"""Running a workflow's state machine: shortly in the tests, at length as a proof, and with a fault planted, to see that it is noticed."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from crm.kernel.errors import DomainError

SHORT = {"examples": 6, "steps": 25}
FAULTY = {"examples": 60, "steps": 40}


class Workflow(RuleBasedStateMachine):
    """A machine whose steps may be refused in words, and which takes back all it did. Run it inside a transaction."""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()

    def teardown(self) -> None:
        """Nothing of this run stands for the next."""
        transaction.savepoint_rollback(self.point)

    def attempt(self, act: Callable[..., Any], /, **values: Any) -> Any:
        """Take a step; None where it is refused, and then it leaves nothing behind."""
        with contextlib.suppress(DomainError), transaction.atomic():
            return act(**values)
        return None


@dataclass(frozen=True)
class Fault:
    """A fault to plant: what `name` of a module or class is, made from what it was."""

    where: Any
    name: str
    made: Callable[[Any], Any]

    @contextlib.contextmanager
    def planted(self) -> Iterator[None]:
        """While it is there."""
        with mock.patch.object(self.where, self.name, self.made(getattr(self.where, self.name))):
            yield


def shown_soon(faults: Mapping[str, Fault], *slow: str) -> list[str]:
    """Without those that show only after hundreds of steps: them the proof at its length finds (`python -m tests.proof machines`)."""
    return [name for name in faults if name not in slow]


def hold(machine: type[RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Run it, with the same dice each time. Raises what an invariant raises."""
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(machine, settings=how)


def noticed(machine: type[RuleBasedStateMachine], fault: Fault, *, examples: int, steps: int) -> str:
    """What the machine says with this fault planted; empty where it does not notice it."""
    with fault.planted():
        try:
            hold(machine, examples=examples, steps=steps)
        except Exception as found:
            return f"{type(found).__name__}: {found}".splitlines()[0]
    return ""
