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


def test_a_key_that_is_held_decides_once_and_one_pressed_too_early_decides_nothing(
    desk: Callable[..., Desk],
) -> None:
    head = desk("head")
    head.open("/approvals/?kind=gift_decide")
    waiting = head.main.locator(".queue [data-open]")
    expect(head.main.locator("article.request")).to_be_visible()
    count = waiting.count()
    head.page.route(re.compile(r"/approvals/\d+/$"), lambda route: (head.page.wait_for_timeout(400), route.continue_()))
    head.page.keyboard.press("j")
    head.page.keyboard.press("a")
    expect(waiting.nth(1)).to_have_attribute("aria-current", "true")
    head.settle()
    assert waiting.count() == count
    for _ in range(30):
        head.page.keyboard.down("a")
        head.page.wait_for_timeout(60)
    head.page.keyboard.up("a")
    head.settle()
    expect(waiting).to_have_count(count - 1)


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
