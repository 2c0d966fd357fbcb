"""The papers: read as stories, searched in both scripts, added from the phone, with nothing for axe to say."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PHONE, WIDE, Desk

pytestmark = pytest.mark.browser

SitDown = Callable[..., Desk]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_news_is_read_searched_in_both_scripts_and_added(desk: SitDown, width: int) -> None:
    rm = desk("rm", width=width)
    rm.open("/news/")
    rm.check_other_scheme()
    if width == WIDE:
        rm.picture("news")
    rm.page.goto(rm.main.locator(".clip [data-open]").first.get_attribute("href"))
    rm.check()
    expect(rm.main.get_by_role("heading", level=1)).to_be_visible()
    rm.open("/news/")
    box = rm.main.get_by_role("searchbox", name="Search clippings")
    rm.hands.write(box, "裕達")
    rm.hands.press(rm.main.get_by_role("button", name="Search", exact=True))
    expect(rm.main.locator(".clip mark", has_text="裕达").first).to_be_visible()
    expect(rm.main.locator(".clip mark", has_text="裕達").first).to_be_visible()
    rm.check()
    if width == WIDE:
        rm.picture("search")
    rm.open("/search/?q=%22not+closed")
    expect(rm.main.get_by_role("alert")).to_contain_text("is not closed")
    rm.open("/news/add/")
    rm.hands.write(
        rm.main.get_by_label("Or the text"), "Yau Tat Textiles takes a second floor\nThe lease runs for six years, the landlord said."
    )
    rm.hands.press(rm.main.get_by_role("button", name="Add", exact=True))
    expect(rm.main.get_by_role("heading", level=1)).to_have_text("Yau Tat Textiles takes a second floor")
    expect(rm.main.get_by_role("link", name="Client · Yau Tat Textiles Company Limited")).to_be_visible()
    rm.check()
