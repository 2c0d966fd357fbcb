"""Nothing of a draw can be read before its eve: no table holds it, no page differs by it, no surface names it (invariant 16)."""

import hashlib
import json
import re
import stat
from collections.abc import Iterator

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from credit.surprises import keys, planning, selectors, services
from credit.surprises.models import DrawOrder, Quota, SurpriseVisit
from tests.cast import NOW
from tests.credit.monitoring import making

READERS = ("rm", "rm2", "head", "centre", "ho", "analyst", "co1", "cad", "auditor", "admin", "compliance", "finance")
PATHS = (
    *("/", "/clients/", "/credit/monitoring/", "/credit/visits/", "/credit/risk/", "/approvals/", "/review/", "/jobs/"),
    *("/search/?q=surprise", "/search/?q=Lok", "/credit/accountability/", "/credit/visits/?export=csv", "/credit/risk/?export=csv"),
)


@pytest.fixture(autouse=True)
def still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def own_keys(tmp_path, settings):
    settings.DRAW_KEYS = tmp_path / "keys" / "keys.json"
    return settings.DRAW_KEYS


def watched(bank):
    client = making.client(bank)
    making.standing(bank, client)
    services.settle(on=making.TODAY, now=NOW)
    return client


def plan(client) -> list:
    calendar = selectors.calendar_of(client.centre, NOW)
    known = selectors.figures("HK", making.TODAY)
    quotas = selectors.quotas_of([client.pk], since=making.TODAY)[client.pk]
    found = list(planning.draws(quotas, days=planning.days_of(calendar, [2026]), figures=lambda on: known))
    orders = [planning.draw_of(order, calendar=calendar, jurisdiction="HK") for order in DrawOrder.objects.filter(client=client)]
    return [one for one in [*found, *orders] if one is not None]


def rows() -> Iterator[str]:
    """All that the database holds, row by row."""
    for model in apps.get_models(include_auto_created=True):
        for values in model._base_manager.values_list():
            yield f"{model._meta.label} {values}"


def test_no_row_of_any_table_holds_a_sealed_day_or_its_hash(bank, own_keys):
    client = watched(bank)
    services.force_draw(client_id=client.pk, severity="H", source="9", now=NOW)
    sealed = plan(client)
    secret = keys.secret_of(2026)
    words = {secret.hex(), *(hashlib.sha256(one.day.isoformat().encode()).hexdigest() for one in sealed)}
    edges = {str(value) for quota in Quota.objects.all() for value in (quota.from_on, quota.after_on)}
    edges |= {str(value) for order in DrawOrder.objects.all() for value in (order.from_on, order.until_on)}
    words |= {f"datetime.date({one.day.year}, {one.day.month}, {one.day.day})" for one in sealed if str(one.day) not in edges}
    words |= {one.day.isoformat() for one in sealed if one.day.isoformat() not in edges}
    calendar = {"staff.CalendarDay"}
    found = [row[:200] for row in rows() if row.split(" ")[0] not in calendar and any(word in row for word in words)]
    assert sealed
    assert found == []


def asked(bank, name: str) -> tuple[list[tuple[int, bytes]], list[list[str]]]:
    """What every page answers to one person, and the statements that it took."""
    browser = Client()
    browser.force_login(bank.people[name])
    answers, statements = [], []
    for path in PATHS:
        with CaptureQueriesContext(connection) as held:
            answer = browser.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        answers.append((answer.status_code, without_tokens(content)))
        statements.append([_shape(query["sql"]) for query in held.captured_queries])
    return answers, statements


def _shape(statement: str) -> str:
    """A statement without its values: names of savepoints and keys of sessions differ from answer to answer."""
    return re.sub(r"'[^']*'|x?[0-9]+|SAVEPOINT \S+", "?", statement)


def without_tokens(content: bytes) -> bytes:
    """Tokens against forged forms and ids of submissions differ from answer to answer."""
    return re.sub(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": "|submission" value=")[^"]+', rb"\1", content)


def _first_difference(one: bytes, other: bytes) -> tuple[bytes, bytes]:
    place = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return one[max(0, place - 120) : place + 120], other[max(0, place - 120) : place + 120]


@pytest.mark.parametrize("name", READERS)
def test_pages_and_statements_are_the_same_with_and_without_a_pending_plan(bank, own_keys, name):
    client = watched(bank)
    asked(bank, name)  # what is remembered by a process is so from here on
    before = asked(bank, name)
    services.force_draw(client_id=client.pk, severity="C", source="9", now=NOW)
    assert plan(client)
    own_keys.write_text(json.dumps({"2026": {"secret": "ab" * 32, "escrowed": True}}), encoding="utf-8")
    after = asked(bank, name)
    for path, one, other in zip(PATHS, before[0], after[0], strict=True):
        assert one == other, f"{path}: {_first_difference(one[1], other[1])}"
    for path, first, second in zip(PATHS, before[1], after[1], strict=True):
        assert [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]] == [], path


def test_before_the_eve_nobody_but_compliance_reaches_a_day(bank, own_keys):
    client = watched(bank)
    days = {one.day.isoformat() for one in plan(client)}
    pages = (f"/clients/{client.pk}/", f"/credit/visits/of/{client.company_id}/", f"/credit/risk/of/{client.company_id}/")
    for name in READERS:
        browser = Client()
        browser.force_login(bank.people[name])
        for path in (*PATHS, *pages):
            answer = browser.get(path)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert not any(day in content.decode(errors="replace") for day in days), f"{name} {path}"
        answer = browser.post(f"/credit/monitoring/plan/{client.pk}/", {"reason": "Tip from the hotline"})
        found = [day for day in days if day in answer.content.decode()]
        assert (answer.status_code, bool(found)) == ((200, True) if name == "compliance" else (answer.status_code, False))
        assert name == "compliance" or answer.status_code in (403, 404)


def test_the_key_lies_outside_the_data_folder_with_mode_600_and_is_shown_once(own_keys, settings, capsys, tmp_path):
    first = keys.secret_of(2026)
    assert first == keys.secret_of(2026)
    assert stat.S_IMODE(own_keys.stat().st_mode) == 0o600
    call_command("draw_key", "--year", "2026")
    copy = capsys.readouterr().out
    assert keys.from_escrow(copy) == first
    with pytest.raises(CommandError, match="printed before"):
        call_command("draw_key", "--year", "2026")
    own_keys.chmod(0o640)
    with pytest.raises(ImproperlyConfigured, match="0600"):
        keys.secret_of(2026)
    settings.DATA_DIR, settings.DRAW_KEYS = tmp_path, tmp_path / "inside.json"
    with pytest.raises(ImproperlyConfigured, match="outside the data folder"):
        keys.secret_of(2026)


def test_a_banks_own_machine_makes_no_key_by_itself(own_keys, settings):
    settings.DRAW_KEYS_MAKE = False
    with pytest.raises(keys.KeyMissing, match="draw_key --year 2026"):
        keys.secret_of(2026)
    with pytest.raises(ValueError):
        keys.from_escrow("ABCD")


def test_audit_replays_a_closed_year_from_the_copy_in_the_safe(bank, own_keys, tmp_path, capsys):
    client = watched(bank)
    calendar = selectors.calendar_of(client.centre, NOW)
    for one in plan(client):
        eve = calendar.add_working_days(one.day, -1)
        at = NOW.replace(year=eve.year, month=eve.month, day=eve.day, hour=9, minute=30)
        services.reveal(client.centre, now=at)
    assert SurpriseVisit.objects.filter(origin="drawn").count() == len(plan(client))
    safe = tmp_path / "copy.txt"
    safe.write_text(keys.escrow(2026), encoding="ascii")
    with pytest.raises(CommandError, match="Only closed years"):
        call_command("replay_draws", "--year", "2026", "--escrow", str(safe), "--as", "auditor")
    with time_machine.travel(NOW.replace(year=2027), tick=False):
        with pytest.raises(CommandError, match="audit"):
            call_command("replay_draws", "--year", "2026", "--escrow", str(safe), "--as", "ho")
        capsys.readouterr()
        call_command("replay_draws", "--year", "2026", "--escrow", str(safe), "--as", "auditor", "--json")
        assert json.loads(capsys.readouterr().out) == {"draws": len(plan(client)), "identical": True, "different": []}
        SurpriseVisit.objects.filter(origin="drawn").order_by("pk").update(slot="9")
        with pytest.raises(CommandError, match="does not draw"):
            call_command("replay_draws", "--year", "2026", "--escrow", str(safe), "--as", "auditor", "--json")


def test_the_board_takes_twelve_statements_at_most(bank, own_keys):
    watched(bank)
    browser = Client()
    browser.force_login(bank.head)
    browser.get("/credit/monitoring/")
    with CaptureQueriesContext(connection) as held:
        page = browser.get("/credit/monitoring/")
    assert "R2" in page.content.decode()
    assert len(held.captured_queries) <= 12, "\n".join(query["sql"][:150] for query in held.captured_queries)


def test_a_visit_goes_through_on_the_phone(bank, own_keys):
    client = watched(bank)
    browser = Client()
    browser.force_login(bank.rm)
    assert browser.post(f"/credit/visits/go/{client.pk}/").status_code == 302
    visit = SurpriseVisit.objects.get()
    assert "I am there" in browser.get(visit.get_absolute_url()).content.decode()
    refused = browser.post(f"{visit.get_absolute_url()}check-in/", {})
    assert refused.status_code == 422
    assert browser.post(f"{visit.get_absolute_url()}check-in/", {"away_reason": "The yard"}).status_code == 302
    page = browser.get(visit.get_absolute_url()).content.decode()
    assert page.count("<fieldset") >= 22
    typed = {f"point_{number}": "y" for number in range(1, 22)}
    key = "6f9619ff-8b86-4d01-b42d-00c04fc964ff"
    open_ = browser.post(f"{visit.get_absolute_url()}record/", typed | {"submission": key})
    assert open_.status_code == 422
    assert "What is it overall?" in open_.content.decode()
    whole = typed | {"result": "unsatisfactory", "result_reason": "Nobody there", "people_seen": "0", "on_payroll": "28", "submission": key}
    for _copy in range(2):
        sent = browser.post(f"{visit.get_absolute_url()}record/", whole | {"phone_diverted": "on", "phone_diverted_at": NOW.isoformat()})
        assert sent.status_code == 302
    visit.refresh_from_db()
    assert (visit.state, visit.phone_diverted_at, visit.history.filter(history_change_reason="recorded").count()) == ("recorded", NOW, 1)
    seen = browser.get(visit.get_absolute_url()).content.decode()
    assert "100% fewer than payroll" in seen
    assert "Nobody there" in browser.get(f"/credit/visits/of/{client.company_id}/").content.decode()
