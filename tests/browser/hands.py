"""Two ways to work a page: by keyboard alone, and by touch. Both give the same acts, so that one walk serves for both."""

import datetime as dt
from typing import Protocol

from playwright.sync_api import Locator, Page

LANGUAGE = "en_US"  # of the browser itself: it decides the order of day and month in a date field
_TABS = 250
_IS_FOCUSED = "e => e === document.activeElement || (e.type === 'radio' && document.activeElement.name === e.name)"


class Hands(Protocol):
    """What a person does with a control."""

    def press(self, control: Locator) -> None:
        """Follow a link or press a button."""

    def write(self, field: Locator, text: str) -> None:
        """Type into a field, in place of what stands there."""

    def date(self, field: Locator, day: dt.date) -> None:
        """Enter a day."""

    def tick(self, box: Locator) -> None:
        """Choose a checkbox or one of several radio buttons."""

    def choose(self, field: Locator, label: str) -> None:
        """Choose the option of a select that begins so."""


class Finger:
    """Touch."""

    def press(self, control: Locator) -> None:
        control.tap()

    def write(self, field: Locator, text: str) -> None:
        field.tap()
        field.fill(text)

    def date(self, field: Locator, day: dt.date) -> None:
        field.fill(day.isoformat())

    def tick(self, box: Locator) -> None:
        if not box.is_checked():
            box.tap()
        assert box.is_checked()

    def choose(self, field: Locator, label: str) -> None:
        field.select_option(value=field.locator("option").filter(has_text=label).first.get_attribute("value"))


class Keyboard:
    """Keys alone: Tab to reach, Enter and Space to act, arrows within a group. It fails where a control cannot be reached."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, control: Locator) -> None:
        """Tab until the control has the focus."""
        control.wait_for(state="visible")
        for _ in range(_TABS):
            if control.evaluate(_IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by Tab to {control}")

    def press(self, control: Locator) -> None:
        self.reach(control)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)

    def date(self, field: Locator, day: dt.date) -> None:
        self.reach(field)
        self.page.keyboard.type(f"{day:%m%d%Y}")  # the order of LANGUAGE
        assert field.input_value() == day.isoformat()

    def tick(self, box: Locator) -> None:
        self.reach(box)
        if box.get_attribute("type") == "radio":
            self.page.keyboard.press("Space")
            for _ in range(20):
                if box.is_checked():
                    return
                self.page.keyboard.press("ArrowRight")
        elif not box.is_checked():
            self.page.keyboard.press("Space")
        assert box.is_checked()

    def choose(self, field: Locator, label: str) -> None:
        self.reach(field)
        self.page.keyboard.type(label)
        chosen = field.evaluate("e => e.selectedOptions[0].label")
        assert chosen.startswith(label), f"{label!r} cannot be typed, {chosen!r} was chosen"
