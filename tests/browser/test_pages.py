"""Pages as people of several posts find them, at both widths and in both schemes, with nothing for axe to say. Nobody changes data here."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PHONE, WIDE, Desk
from tests.browser.serving import served

pytestmark = pytest.mark.browser

SitDown = Callable[..., Desk]


@pytest.fixture(scope="module")
def address(bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One bank for all that only look."""
    with served(bank, tmp_path_factory.mktemp("looking") / "served") as base:
        yield base


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
            person.check_other_scheme()
            expect(person.main.get_by_role("heading", level=1)).to_be_visible()


def test_the_language_changes_there_and_back(desk: SitDown) -> None:
    rm = desk("rm2")  # whose language nobody else here reads
    rm.open("/clients/")
    rm.hands.press(rm.page.locator("header.top > .languages").get_by_role("button", name="繁體中文"))
    expect(rm.page.locator("html")).to_have_attribute("lang", "zh-hant")
    expect(rm.main.get_by_role("heading", level=1)).to_have_text("客戶")
    rm.check()
    rm.hands.press(rm.page.locator("header.top > .languages").get_by_role("button", name="English"))
    expect(rm.main.get_by_role("heading", level=1)).to_have_text("Clients")
