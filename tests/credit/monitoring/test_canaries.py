"""A sealed day in no log line, in no byte of a backup, on no surface of any post (domain 7.2, invariant 16)."""

import datetime as dt
import hashlib
import hmac
import io
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as configured
from django.core.management import call_command
from django.db import connection

from credit.surprises import keys, nightly, services
from credit.surprises.models import DrawOrder, Quota, SurpriseVisit
from crm.kernel.contributions import SearchDocument, of
from crm.staff.choices import Role
from crm.staff.models import CalendarDay
from tests.cast import NOW, PEOPLE
from tests.companies.making import ask, browser
from tests.credit.monitoring import making
from tests.credit.monitoring.test_secrecy import plan, watched

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still(tmp_path, settings):
    settings.DRAW_KEYS = tmp_path / "keys" / "keys.json"
    with time_machine.travel(NOW, tick=False):
        yield


def words_of(client) -> set[str]:
    """All that would give a sealed draw away: its day as people and machines write it, hashes of it, the key, what the key makes of it."""
    secret = keys.secret_of(2026)
    revealed = set(SurpriseVisit.objects.values_list("on", flat=True))
    edges = {day for quota in Quota.objects.all() for day in (quota.from_on, quota.after_on)}
    edges |= {day for order in DrawOrder.objects.all() for day in (order.from_on, order.until_on)}
    edges |= set(CalendarDay.objects.values_list("day", flat=True)) | revealed
    found = {secret.hex(), keys.escrow(2026) or secret.hex()}
    for one in plan(client):
        if one.day in edges:
            continue
        label = f"{client.pk}|{one.window}|{one.attempt}".encode()
        digest = hmac.digest(secret, label, "sha256")
        found |= {one.day.isoformat(), f"{one.day:%Y%m%d}", f"{one.day:%d/%m/%Y}", f"{one.day.day} {one.day:%B %Y}", repr(one.day)}
        found |= {hashlib.sha256(one.day.isoformat().encode()).hexdigest(), digest.hex()}
    assert len(found) > 2
    return found


def test_no_log_line_names_a_sealed_day_even_where_everything_is_logged(bank, caplog):
    client = watched(bank)
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="django.db.backends")
    connection.force_debug_cursor = True
    try:
        nightly.run(on=making.TODAY, now=NOW)
        first = plan(client)[0]
        for day in range(3):
            services.keep(now=NOW.replace(hour=9, minute=31) + (first.day - making.TODAY - dt.timedelta(days=3 - day)))
        call_command("draw_visits", "--year", "2026", "--simulate", "20", "--json", stdout=io.StringIO())
        services.read_plan(client_id=client.pk, reason="Tip from the hotline", actor=bank.compliance, now=NOW)
    finally:
        connection.force_debug_cursor = False
    assert SurpriseVisit.objects.get().on == first.day
    lines = [record.getMessage() for record in caplog.records]
    assert any("surprises_surprisevisit" in line for line in lines)  # the statements themselves are among them
    words = words_of(client)
    assert [line[:200] for line in lines if any(word in line for word in words)] == []


def copied(folder: Path) -> bytes:
    """All that a backup holds: byte by byte as it lies there, and the database as text. On PostgreSQL, which has its own tools, a dump."""
    if connection.vendor != "sqlite":
        out = io.StringIO()
        call_command("dumpdata", stdout=out)
        files = (path for path in sorted(configured.DATA_DIR.rglob("*")) if path.is_file() and "sqlite" not in path.name)
        return out.getvalue().encode() + b"".join(path.read_bytes() for path in files)
    call_command("backup", str(folder), stdout=io.StringIO())
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        whole = "\n".join(database.iterdump()).encode()
    return whole + b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_a_backup_holds_a_sealed_day_or_the_key(bank, tmp_path):
    # The day on which the tables were made stands in every backup, and one in fifty draws takes it.
    before = copied(tmp_path / "before")
    client = watched(bank)
    services.force_draw(client_id=client.pk, severity="H", source="9", now=NOW)
    services.keep(now=NOW)
    whole = copied(tmp_path / "backup")
    assert b"surprises_quota" in whole or b"surprises.quota" in whole
    assert b"2026-03-05" in whole  # the first day of the windows is no secret; a sealed one would be found as that one is
    secret = keys.secret_of(2026)
    assert [word for word in words_of(client) if word.encode() in whole and word.encode() not in before] == []
    assert secret not in whole


def one_of_each_role() -> list[str]:
    """A person in each post but compliance."""
    found: dict[str, str] = {}
    for name, (role, _grade, _unit) in PEOPLE.items():
        found.setdefault(role, name)
    del found[Role.COMP]
    # Without compliance; other systems, which ask through the API alone; human resources, who see frozen files and nothing else.
    assert len(found) == len(Role) - 3
    return list(found.values())


def test_no_search_message_task_history_or_answer_of_the_api_names_a_sealed_day_to_any_post(bank):
    client = watched(bank)
    days = {one.day.isoformat() for one in plan(client)} | {f"{one.day.day} {one.day:%B}" for one in plan(client)}
    pages = ("/search/?q=surprise", "/notifications/", "/notifications/mails/", "/tasks/", f"/clients/{client.pk}/history/")
    for name in one_of_each_role():
        held = browser(bank.people[name])
        for path in pages:
            answer = held.get(path)
            shown = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")
            assert not [word for word in days if word in shown], f"{name} {path}"
        for path in ("surprise-visits/board", "surprise-visits"):
            assert not [word for word in days if word in ask(bank.people[name], path).content.decode()], f"{name} {path}"


def test_surprise_visits_are_in_no_search_index():
    assert not [one for one in of(SearchDocument) if "surprise" in str(one).lower()]
