"""Pages as people of several posts find them, at both widths and in both schemes, with nothing for axe to say. Nobody changes data here."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PHONE, WIDE, Desk
from tests.browser.serving import served

pytestmark = pytest.mark.browser

SitDown = Callable[..., Desk]
SHOWN = "Yau Tat Textiles Company Limited"


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


@pytest.mark.parametrize(("username", "width"), [("rm", WIDE), ("rm2", PHONE)])
def test_the_first_record_of_each_list_is_fit_for_all_with_every_tab(desk: SitDown, username: str, width: int) -> None:
    person = desk(username, width=width)
    for address in ("/clients/?view=all", "/prospects/?view=all", "/visits/?view=all", "/contacts/?view=all"):
        person.page.goto(address)
        person.page.goto(person.main.locator("[data-row] [data-open]").first.get_attribute("href"))
        person.check()
        for tab in person.main.locator(".tabs a").evaluate_all("links => links.map(link => link.href)"):
            person.open(tab)
        person.check_other_scheme()


def test_a_day_at_the_desk_looks_as_the_readme_shows_it(desk: SitDown) -> None:
    rm = desk("rm")
    rm.open("/")
    rm.picture("today")
    rm.page.keyboard.press("/")
    rm.page.keyboard.type("yau tat")
    expect(rm.page.locator("#palette").get_by_role("option", name=SHOWN).first).to_be_visible()
    rm.check()
    rm.picture("palette")
    rm.page.keyboard.press("Escape")
    rm.open("/prospects/board/")
    rm.picture("board")
    rm.open("/clients/")
    rm.hands.press(rm.main.get_by_role("link", name=SHOWN))
    expect(rm.main.locator(".timeline li").nth(4)).to_be_visible()
    rm.check()
    rm.picture("client")


def test_a_visit_is_logged_on_a_phone_as_the_readme_shows_it(desk: SitDown) -> None:
    rm = desk("rm", width=PHONE)
    rm.open("/visits/log/")
    rm.hands.write(rm.main.get_by_role("searchbox", name="Find a company"), "yau tat")
    rm.hands.press(rm.main.get_by_role("link", name=SHOWN))
    expect(rm.main.get_by_role("heading", level=1)).to_have_text("Log a visit")
    rm.hands.tick(rm.main.locator("[name=met]").first)
    rm.check()
    rm.page.evaluate("scrollTo(0, 0)")
    rm.picture("visit-phone")


def test_lists_sort_by_chips_on_the_phone_and_by_the_head_at_the_desk(desk: SitDown) -> None:
    rm = desk("rm", width=PHONE)
    rm.open("/clients/?view=all")
    assert rm.main.locator(".cards > thead a:visible").count() == 0
    rm.main.locator(".sorts").get_by_role("link", name="Last contact").click()
    chosen = rm.main.locator(".sorts [aria-current]")
    expect(chosen).to_contain_text("Last contact")
    assert "sort=" in rm.page.url
    first = chosen.get_attribute("href")
    chosen.click()
    expect(rm.main.locator(".sorts [aria-current]")).not_to_have_attribute("href", first or "")
    rm.check()
    wide = desk("rm")
    wide.open("/clients/?view=all")
    expect(wide.main.locator(".sorts")).to_be_hidden()
    expect(wide.main.locator(".cards > thead a").first).to_be_visible()


def test_a_companys_parts_are_all_in_sight_at_the_desk(desk: SitDown) -> None:
    rm = desk("rm")
    rm.open("/clients/?view=all")
    rm.page.goto(rm.main.locator("[data-row] [data-open]").first.get_attribute("href"))
    tabs = rm.main.locator(".tabs")
    assert tabs.evaluate("nav => nav.scrollWidth <= nav.clientWidth")
    assert len(set(tabs.locator("a").evaluate_all("links => links.map(link => link.offsetTop)"))) > 1


def test_the_language_changes_there_and_back(desk: SitDown) -> None:
    head = desk("head")  # whose language nobody else here reads
    head.open("/clients/")
    head.hands.press(head.page.locator("header.top > .languages").get_by_role("button", name="繁體中文"))
    expect(head.page.locator("html")).to_have_attribute("lang", "zh-hant")
    expect(head.main.get_by_role("heading", level=1)).to_have_text("客戶")
    head.check()
    head.open("/prospects/board/")
    head.picture("board-zh-hant")
    head.hands.press(head.page.locator("header.top > .languages").get_by_role("button", name="English"))
    expect(head.main.get_by_role("heading", level=1)).to_have_text("Pipeline")
