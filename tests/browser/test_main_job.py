"""The main job in a real browser, from a company's name to a client with a visit; at a desk by keyboard alone, on a phone by touch."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.desk import PHONE, WIDE, Desk

pytestmark = pytest.mark.browser
SESSION_COOKIE = "sessionid"
STATED = ("screening", "appetite", "interest", "onboarding", "decision", "acceptance", "first_income")
NAMES = {WIDE: "Zephyrine Ferrite", PHONE: "Quillmark Abacus"}
LIST = """Company list of the trade fair,,,,
Name,中文名稱,Business registration no.,Address,Website
{name},{name_zh},{number},"Unit 5, 12 Hung To Road, Kwun Tong",ferrite.example
Ocean Power Group Limited,,,"18 Harbour Road, Wan Chai",
Brackwater Tannery Limited,,7{width:04d}12,"9 Shing Yip Street, Kwun Tong",
,,7{width:04d}777,"3 How Ming Street, Kwun Tong",
Tidewell Kettle Works,,7{width:04d}456,"5 Wing Yip Street, Kwun Tong",tidewell.example
"""
SAID = "Asked after the second line; deliveries from Ningbo take nine weeks and are paid in advance."
PROMISED = "Send the sheet on import loans"

SitDown = Callable[..., Desk]


@dataclass
class Pursuit:
    """What the walk carries from step to step."""

    name: str
    number: str
    path: str = ""


@pytest.fixture(params=[WIDE, PHONE], ids=["desk-by-keyboard", "phone-by-touch"])
def width(request: pytest.FixtureRequest) -> int:
    return request.param


def field(place: Locator, name: str) -> Locator:
    """The control of that name."""
    return place.locator(f"[name={name}]")


def test_the_second_of_two_tabs_sees_both_versions(desk: SitDown) -> None:
    rm = desk("rm")
    rm.open("/contacts/")
    first = rm.main.locator("[data-row] [data-open]").first.get_attribute("href")
    address = f"{first}change/"
    stale = rm.new_page()
    stale.goto(address)
    rm.open(address)
    rm.hands.write(field(rm.main, "title"), "Deputy chair")
    rm.hands.press(rm.main.locator("form.card .deck button").first)
    expect(rm.main).to_contain_text("Deputy chair")
    stale.locator("main [name=title]").fill("Group treasurer")
    stale.locator("main form.card .deck button").first.click()
    both = stale.locator("main table.cards")
    expect(both).to_contain_text("Deputy chair")
    expect(both).to_contain_text("Group treasurer")
    stale.locator("main form.card .deck button").first.click()
    stale.wait_for_url(lambda url: "/change/" not in url)
    rm.open(first)
    expect(rm.main).to_contain_text("Group treasurer")


def test_the_language_changes_there_and_back(desk: SitDown) -> None:
    rm = desk("rm")
    rm.open("/clients/")
    rm.hands.press(rm.page.locator("header.top > .languages").get_by_role("button", name="繁體中文"))
    expect(rm.page.locator("html")).to_have_attribute("lang", "zh-hant")
    expect(rm.main.get_by_role("heading", level=1)).to_have_text("客戶")
    rm.check()
    rm.hands.press(rm.page.locator("header.top > .languages").get_by_role("button", name="English"))
    expect(rm.main.get_by_role("heading", level=1)).to_have_text("Clients")


@pytest.mark.parametrize(
    ("username", "width"),
    [("rm", WIDE), ("rm", PHONE), ("centre", WIDE), ("admin", WIDE), ("admin", PHONE), ("compliance", WIDE), ("lobby", PHONE)],
)
def test_every_page_of_the_menu_is_fit_for_all(desk: SitDown, username: str, width: int) -> None:
    person = desk(username, width=width)
    person.open("/")
    entries = person.page.locator(".rail .nav a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert entries
    for address in entries:
        if not address.startswith("/cms/"):
            person.open(address)
            expect(person.main.get_by_role("heading", level=1)).to_be_visible()
