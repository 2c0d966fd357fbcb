"""The floor as a server: the same database, sign-in and nothing else."""

from tests.benchmarks.floor import MIDDLEWARE, URLCONF
from tests.benchmarks.settings import *  # noqa: F403

MIDDLEWARE = list(MIDDLEWARE)
ROOT_URLCONF = URLCONF
