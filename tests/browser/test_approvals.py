"""Deciding requests: three in a row by single keys at a desk, and one by touch on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk

pytestmark = pytest.mark.browser


def test_three_requests_are_decided_in_a_row_by_one_key_each(desk: Callable[..., Desk]) -> None:
    head = desk("head")
    head.open("/approvals/?kind=gift_decide")
    expect(head.main.locator("article.request")).to_be_visible()
    head.check()
    head.check_other_scheme()
    head.page.keyboard.press("j")
    expect(head.main.locator(".queue li").nth(1).locator("a")).to_have_attribute("aria-current", "true")
    head.page.keyboard.press("k")
    expect(head.main.locator(".queue li").first.locator("a")).to_have_attribute("aria-current", "true")
    head.settle()
    count = head.main.locator(".queue [data-open]").count()
    assert count >= 3
    for left in range(count - 1, count - 4, -1):
        head.page.keyboard.press("a")
        expect(head.main.locator(".queue [data-open]")).to_have_count(left)
        head.settle()
    head.check()


def test_a_refusal_without_a_reason_goes_to_the_field_and_is_sent_again_from_there(desk: Callable[..., Desk]) -> None:
    head = desk("head")
    head.open("/approvals/")
    expect(head.main.locator("article.request")).to_be_visible()
    head.page.keyboard.press("r")
    field = head.main.get_by_label("Your reason")
    expect(field).to_be_focused()
    head.check()
    head.page.keyboard.type("Too many already")
    head.page.keyboard.press("Control+Enter")
    head.said("Refuse:")


def test_one_request_is_decided_by_touch_on_a_phone(desk: Callable[..., Desk]) -> None:
    compliance = desk("compliance", width=PHONE)
    compliance.open("/approvals/?kind=gift_consent")
    compliance.hands.press(compliance.main.locator(".queue [data-open]").first)
    expect(compliance.main.locator("article.request")).to_be_visible()
    expect(compliance.main.locator(".queue")).to_be_hidden()
    expect(compliance.page).to_have_url(re.compile(r"/approvals/\d+/"))
    approve = compliance.main.get_by_role("button", name="Approve")
    expect(approve).to_be_in_viewport()
    compliance.check()
    compliance.hands.press(approve)
    compliance.said("Approve:")
    compliance.check()
