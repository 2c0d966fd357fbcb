"""The floor as a server: the same database, sign-in and nothing else."""

from tests.benchmarks.floor_frame import FLOOR_MIDDLEWARE, FLOOR_URLCONF
from tests.benchmarks.settings import *  # noqa: F403

MIDDLEWARE = list(FLOOR_MIDDLEWARE)
ROOT_URLCONF = FLOOR_URLCONF
