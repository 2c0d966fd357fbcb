"""A surprise visit on the phone: the whole of the fraud that monitoring is made for, and a lift lobby without a network (scenario 13)."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.banks import ROOT, environment
from tests.browser.desk import PHONE, Desk
from tests.browser.revealing import DEAL, PLACE
from tests.browser.serving import served

pytestmark = pytest.mark.browser

SitDown = Callable[..., Desk]
EMPTY = {2: "n", 3: "n", 4: "n", 8: "n", 14: "n", 10: "n", 11: "n", 15: "n", 16: "n", 21: "n", 1: "y"}
WORDS = "Door locked, no light; the line was answered: everyone at lunch."


def ask_bank(folder: Path, what: str) -> dict[str, Any]:
    """Have something done to a bank's data, or found out of it."""
    command = [sys.executable, "-m", "tests.browser.revealing", what]
    done = subprocess.run(command, cwd=ROOT, env=environment(folder) | SETTINGS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


SETTINGS = {"DJANGO_SETTINGS_MODULE": "crm.settings.embedded"}


@pytest.fixture
def address(bank: Path, tmp_path: Path) -> Iterator[str]:
    """A bank of this test's own, in which a visit is about to be made."""
    with served(bank, tmp_path / "served") as base:
        yield base


@pytest.fixture
def data(address: str, tmp_path: Path) -> Path:
    """Its data."""
    return tmp_path / "served" / "data"


def at_the_door(desk: SitDown, told: dict[str, Any]) -> Desk:
    """The visitor, whose phone knows where it is, has checked in."""
    rm = desk(told["visitor"], width=PHONE)
    rm.context.grant_permissions(["geolocation"])
    rm.context.set_geolocation(PLACE)
    rm.open(told["visit"])
    rm.hands.press(rm.main.get_by_role("button", name="I am there"))
    rm.said("Checked in.")
    rm.check()
    return rm


def tap(person: Desk, name: str, value: str) -> None:
    """One tap of a point."""
    person.hands.press(person.main.locator(f"label:has(input[name={name}][value={value}])"))
    expect(person.main.locator(f"input[name={name}][value={value}]")).to_be_checked()


def write_down(rm: Desk) -> None:
    """Nobody is there, and the office line is answered all the same."""
    for number in range(1, 22):
        tap(rm, f"point_{number}", EMPTY.get(number, "s"))
    rm.hands.write(rm.main.locator("[name=people_seen]"), "0")
    rm.hands.press(rm.main.locator("label[data-diverted]"))
    tap(rm, "result", "unsatisfactory")
    rm.hands.write(rm.main.locator("[name=result_reason]"), WORDS)


def test_an_empty_office_whose_telephone_is_answered_ends_in_a_denied_bill_and_the_client_hears_nothing(desk: SitDown, data: Path) -> None:
    told = ask_bank(data, "reveal")
    rm = at_the_door(desk, told)
    write_down(rm)
    rm.check()
    rm.check_other_scheme()
    rm.hands.press(rm.main.get_by_role("button", name="Finish visit"))
    rm.said("Recorded.")
    rm.check()
    found = ask_bank(data, "told")
    assert {"RF-01", "RF-02"} <= set(found["flags"])
    assert found["suspended"]
    assert "suspended" in found["packs"]
    assert {"PLLN-0611", "HSTR-0614"} <= set(found["bills"])
    deny(desk, told["company"])
    found = ask_bank(data, "told")
    assert "RF-03" in found["flags"]
    assert {name: due <= 60 for name, due in found["alerts"].items()} == dict.fromkeys(
        ("flag_alert CO", "flag_alert COMP", "flag_legal COMP"), True
    )
    for username in ("co1", "compliance"):
        is_alerted(desk(username, width=PHONE))
    assert set(found["mailed"]) <= {"approver", "co1", "co2", "compliance", "compliance2", "centre", told["visitor"]}
    assert (found["letters"], found["meetings"]) == (told["letters"], told["meetings"])
    knows_no_more(rm, told)


def deny(desk: SitDown, company: str) -> None:
    """An analyst fills the case in from the paper, asks the carrier through the directory, and writes its answer down."""
    analyst = desk("analyst", width=PHONE)
    analyst.open("/credit/verifications/?q=PLLN-0611")
    analyst.hands.press(analyst.main.locator("[data-row] [data-open]").first)
    expect(analyst.main.get_by_role("heading", level=1)).to_contain_text("PLLN-0611")
    analyst.check()
    analyst.hands.press(analyst.main.get_by_role("link", name="Transcribe the paper"))
    expect(analyst.main.locator("[name=reference]")).to_have_value(DEAL)
    paper = {
        "vessel": "Amber Dawn", "load_port": "Yantian", "discharge_port": "Los Angeles", "on_board_on": "2026-02-02",
        "containers": "csqu 305438-3", "contact": "check@pacific-lantern-line.example",
    }  # fmt: skip
    for name, value in paper.items():
        analyst.hands.write(analyst.main.locator(f"[name={name}]"), value)
    analyst.check()
    analyst.hands.press(analyst.main.get_by_role("button", name="Begin the verification"))
    expect(analyst.main).to_contain_text("The check digit agrees.")
    analyst.check()
    analyst.hands.press(analyst.main.get_by_role("link", name="Asked", exact=True))
    analyst.check()
    analyst.hands.choose(analyst.dialog.locator("[name=directory_contact]"), "Pacific Lantern Line")
    analyst.hands.write(analyst.dialog.locator("[name=message]"), "Did you issue the bill whose copy is attached?")
    analyst.hands.press(analyst.dialog.locator("button[type=submit]"))
    expect(analyst.main).to_contain_text("documents@pacific-lantern.example")
    analyst.check()
    analyst.hands.press(analyst.main.get_by_role("link", name="Settle it"))
    analyst.check()
    analyst.hands.press(analyst.dialog.get_by_text("Not issued", exact=True))
    analyst.hands.choose(analyst.dialog.locator("[name=channel]"), "E-mail")
    analyst.hands.write(analyst.dialog.locator("[name=name]"), "Documents desk")
    now = analyst.page.evaluate("new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 16)")
    analyst.dialog.locator("[name=told_at]").fill(now)
    analyst.hands.write(analyst.dialog.locator("[name=message]"), "We did not issue this bill of lading.")
    analyst.hands.press(analyst.dialog.locator("button[type=submit]"))
    expect(analyst.main).to_contain_text("RF-03")
    analyst.check()


def is_alerted(person: Desk) -> None:
    """They are told at once; the flag says that nobody else is."""
    person.open("/notifications/")
    expect(person.main).to_contain_text("RF-03: Fook Hing Metal Limited")
    person.open("/credit/flags/?q=fook")
    person.hands.press(person.main.locator("[data-row]").filter(has_text="RF-03").locator("[data-open]").first)
    expect(person.main).to_contain_text("Nothing of this goes to the client")
    person.check()


def knows_no_more(rm: Desk, told: dict[str, Any]) -> None:
    """Whoever speaks with the client sees their own visit and the empty office; nothing of bills, carriers or what is judged of them."""
    for address in ("/", "/credit/flags/", "/notifications/", told["visit"], told["client"]):
        rm.open(address)
        shown = rm.page.locator("body").inner_text()
        for hidden in ("RF-03", "PLLN", "HSTR", "Carrier denies", "Not issued"):
            assert hidden not in shown, f"{address} says {hidden}"
    rm.page.goto("/credit/verifications/")
    expect(rm.main).not_to_contain_text("PLLN")
    rm.open("/credit/flags/?q=fook")
    expect(rm.main).to_contain_text("RF-01")


def test_without_a_network_the_visits_page_opens_anew_with_what_was_typed_and_goes_once_it_is_sent(desk: SitDown, data: Path) -> None:
    told = ask_bank(data, "reveal")
    rm = at_the_door(desk, told)
    expect(rm.main.locator("[data-onsite-note]")).to_contain_text("opens without a network")
    tap(rm, "point_2", "n")
    rm.hands.press(rm.main.locator("label[data-diverted]"))
    moment = rm.main.locator("[name=phone_diverted_at]").input_value()
    rm.main.locator("[name=photos_1]").set_input_files({"name": "door.png", "mimeType": "image/png", "buffer": PICTURE})
    rm.hands.write(rm.main.locator("[name=result_reason]"), WORDS)
    rm.page.wait_for_timeout(600)  # drafts are written after a pause
    kept = "caches.keys().then(async (names) => (await Promise.all(names.map(async (n) => (await (await caches.open(n)).keys()).map((r) => new URL(r.url).pathname)))).flat())"  # noqa: E501
    paths = rm.page.evaluate(kept)
    assert [path for path in paths if not path.startswith("/static/")] == [told["visit"]]
    rm.context.set_offline(True)
    rm.page.reload()
    expect(rm.main.locator("[name=result_reason]")).to_have_value(WORDS)
    expect(rm.main.locator("input[name=point_2][value=n]")).to_be_checked()
    expect(rm.main.locator("[name=phone_diverted_at]")).to_have_value(moment)
    expect(rm.main.locator("[data-photos]").first).to_contain_text("door.png")
    assert rm.page.evaluate("getComputedStyle(document.querySelector('.pick')).display") != "block"  # drawn as ever
    write_down_rest(rm)
    rm.hands.press(rm.main.get_by_role("button", name="Finish visit"))
    expect(rm.main.locator("[data-onsite-note]")).to_contain_text("Kept on this phone")
    other = rm.new_page()
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        other.goto("/credit/visits/")
    other.close()
    rm.context.set_offline(False)
    rm.page.wait_for_url(re.compile(f"{told['visit']}$"))
    expect(rm.main).to_contain_text(WORDS)
    expect(rm.main.locator("form[data-onsite]")).to_have_count(0)
    rm.page.wait_for_function("async () => !(await caches.keys()).length && !(await navigator.serviceWorker.getRegistrations()).length")
    rm.check()


def write_down_rest(rm: Desk) -> None:
    for number in range(1, 22):
        tap(rm, f"point_{number}", EMPTY.get(number, "s"))
    rm.hands.write(rm.main.locator("[name=people_seen]"), "0")
    tap(rm, "result", "unsatisfactory")


def test_signing_out_takes_the_kept_page_from_the_phone(desk: SitDown, data: Path) -> None:
    rm = at_the_door(desk, ask_bank(data, "reveal"))
    expect(rm.main.locator("[data-onsite-note]")).to_contain_text("opens without a network")
    where = rm.page.url
    rm.hands.write(rm.main.locator("[name=result_reason]"), WORDS)
    rm.page.wait_for_timeout(600)
    rm.hands.press(rm.page.locator("summary.userbtn"))
    rm.hands.press(rm.page.get_by_role("button", name="Sign out"))
    expect(rm.page.get_by_role("button", name="Sign in")).to_be_visible()
    left = "async () => [await caches.keys(), (await indexedDB.databases()).map((d) => d.name), Object.keys(localStorage)]"
    assert rm.page.evaluate(left) == [[], [], []]
    rm.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        rm.page.goto(where)


PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"  # noqa: E501
