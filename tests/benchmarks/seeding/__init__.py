"""An invented bank of any size, written in bulk: the same rows for every database."""

from tests.benchmarks.seeding.bank import Bank, populate
from tests.benchmarks.seeding.sinks import Sink

__all__ = ["Bank", "Sink", "populate"]
