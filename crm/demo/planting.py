"""Makes a database the demo bank, once: finds out what it holds, plants the topics, loads the directory, counts what there is."""

import datetime as dt
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from content.clippings.models import Clipping
from crm.clients.models import Client
from crm.companies.models import Company, CompanyGroup, Contact
from crm.demo import reading
from crm.demo.models import DemoBank
from crm.demo.seeds import (
    accountability,
    accounts,
    clients,
    companies,
    concessions,
    courses,
    covenants,
    deals,
    flags,
    gifts,
    handoffs,
    hospitality,
    letters,
    loans,
    monitoring,
    news,
    packs,
    payments,
    plans,
    policies,
    pursuits,
    reviews,
    sheets,
    spreads,
    staff,
    systems,
    visits,
)
from crm.demo.seeds.bank import Bank
from crm.kernel.models import WorkItem
from crm.kernel.outbox import deliver_pending
from crm.staff.models import OrgUnit, User
from crm.visits.models import Visit
from crm.visits.services import settle_coverage
from prospects.deals.models import Deal
from prospects.directories.services import load_directory

TOPICS = (
    *(staff, letters, sheets, companies, clients, accounts, pursuits, visits, plans, deals, gifts, hospitality, policies, concessions),
    *(spreads, packs, handoffs, reviews, courses, systems, loans, covenants, flags, payments, monitoring, accountability),
)
PASSWORD_BYTES = 12

LISTED_SOURCE = "Companies listed in Hong Kong"
LISTED_AS_OF = dt.date(2026, 8, 16)
"""The day of FinanceDatabase's commit, see data/directories/LICENCE.md."""

LOADED_BY = "head"


class Holding(Enum):
    """What a database holds before the command touches it."""

    NOTHING = "nothing"
    DEMO_BANK = "demo bank"
    OTHER = "other data"


@dataclass(frozen=True)
class Planted:
    """What came of it: the password where one was made or set now, else None."""

    new: bool
    password: str | None


def holding() -> Holding:
    """What the database holds, asked before migrating and therefore table by table."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if DemoBank._meta.db_table in tables and DemoBank.objects.exists():
        return Holding.DEMO_BANK
    ours = (User, OrgUnit, Company)
    if any(model._meta.db_table in tables and model._base_manager.exists() for model in ours):
        return Holding.OTHER
    return Holding.NOTHING


@contextmanager
def begun() -> Iterator[bool]:
    """Around migrating and planting; gives whether there is no bank yet. Tables that an earlier try left half made are thrown away first.

    Migrating is not safe to kill: on most of its steps Django writes what it did in one transaction and that it did it in the next.
    """
    unfinished = settings.DATA_DIR / "demo.unfinished"
    is_new = holding() is Holding.NOTHING
    if is_new:
        if unfinished.exists():
            clear()
        unfinished.touch()
    yield is_new
    unfinished.unlink(missing_ok=True)


def plant(*, now: dt.datetime, password: str | None) -> Planted:
    """Plant the bank in one transaction unless it stands already; then only set the password where one is given."""
    if DemoBank.objects.exists():
        if password:
            staff.change_password(password=password, now=now)
        return Planted(new=False, password=password)
    chosen = password or secrets.token_urlsafe(PASSWORD_BYTES)
    bank = Bank(now=now, password=chosen)
    with transaction.atomic():
        DemoBank.objects.create(planted_at=now)
        for topic in TOPICS:
            topic.plant(bank)
        settle_coverage()
    return Planted(new=True, password=chosen)


def load_directory_of_listed(*, now: dt.datetime) -> bool:
    """Load the real directory of the companies listed in Hong Kong, as a team head would, unless that was done. Returns whether it was.

    Broken off, it is done again from the start: rows that are in already are unchanged. LoadFailed where a row could not be written.
    """
    mark = DemoBank.objects.get()
    if mark.directory_at is not None:
        return False
    head = User.objects.get(username=LOADED_BY)
    day = min(LISTED_AS_OF, timezone.localdate(now))
    load_directory(reading.DATA / "directories" / "HKG.csv", actor=head, now=now, source=LISTED_SOURCE, as_of=day)
    deliver_pending()
    mark.directory_at = now
    mark.save(update_fields=["directory_at"])
    return True


def print_the_news(*, now: dt.datetime) -> bool:
    """Print the papers of the last months, unless that was done. Returns whether it was. Broken off, it is done again from the start."""
    mark = DemoBank.objects.get()
    if mark.news_at is not None:
        return False
    news.plant(now=now)
    deliver_pending()
    mark.news_at = now
    mark.save(update_fields=["news_at"])
    return True


def clear() -> None:
    """Remove the demo bank with its files, so that it can be made anew. SQLite only; the caller has seen that it is the demo bank."""
    database = Path(settings.DATABASES["default"]["NAME"])
    connection.close()
    for path in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)
    for folder in (settings.FILES_DIR, settings.MEDIA_ROOT, settings.DATA_DIR / "mail", settings.DATA_DIR / "search"):
        shutil.rmtree(folder, ignore_errors=True)
    for queued in (settings.DATA_DIR / "broker").rglob("*"):
        if queued.is_file():
            queued.unlink()


def figures() -> dict[str, int]:
    """How much of everything there is, by what the contract calls it."""
    usernames = [row["username"] for row in reading.rows("staff.csv")]
    return {
        "staff": User.objects.filter(username__in=usernames).count(),
        "clients": Client.objects.count(),
        "companies": Company.objects.count(),
        "visits": Visit.objects.count(),
        "contacts": Contact.objects.count(),
        "groups": CompanyGroup.objects.count(),
        "deals": Deal.objects.count(),
        "tasks": WorkItem.objects.count(),
        "clippings": Clipping.objects.count(),
    }
