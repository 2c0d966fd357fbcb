"""What many tests begin with, made once and taken back after the last of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from crm.staff.selectors import days_that_differ
from tests import cast


@contextmanager
def bank_that_stands(django_db_blocker: Any) -> Iterator[cast.Bank]:
    """The small bank inside a transaction that is never committed, for a fixture of a module or package.

    Each test gets copies of the objects (`copy.deepcopy`), for these remember what they were asked; what it writes is undone after it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        days_that_differ.cache_clear()
        yield cast.pour()
        transaction.set_rollback(True)
