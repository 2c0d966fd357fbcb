"""One person's browser: signing in, opening pages, and what every page passed must satisfy."""

from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.browser.hands import Finger, Hands, Keyboard
from tests.browser.serving import PASSWORD

PATIENCE_MS = 30_000
WIDE, PHONE = 1440, 390
_HEIGHTS = {WIDE: 900, PHONE: 844}
_AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
_AXE = Axe()
_MORE_ROWS = "[data-row]:nth-child(n + 16)"  # of a list of 50 rows, which are alike and take axe most of its time
_QUIET = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, form[data-pending]')"
_SCHEMES: dict[int, Literal["light", "dark"]] = {WIDE: "light", PHONE: "dark"}
_OTHER_SCHEME: dict[str, Literal["light", "dark"]] = {"light": "dark", "dark": "light"}
_PICTURE_WIDTH, _PICTURE_LIMIT = 1200, 90_000


class Desk:
    """A browser of its own for one person. Wide: light and by keyboard; phone: dark and by touch."""

    def __init__(self, browser: Browser, base: str, *, width: int = WIDE, pictures: Path | None = None) -> None:
        phone = width == PHONE
        self.base, self.width, self.pictures = base, width, pictures
        self.context = browser.new_context(
            base_url=base,
            viewport={"width": width, "height": _HEIGHTS[width]},
            color_scheme=_SCHEMES[width],
            is_mobile=phone,
            has_touch=phone,
            locale="en-GB",
            timezone_id="Asia/Hong_Kong",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page = self.new_page()
        self.hands: Hands = Finger() if phone else Keyboard(self.page)

    def new_page(self) -> Page:
        """One more tab of the same browser."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self.complaints.append(f"{page.url}: {said.text}") if _is_complaint(said) else None)
        page.on("response", self._note_failure)
        return page

    def _note_failure(self, answer: Response) -> None:
        if answer.status >= 500:
            self.complaints.append(f"{answer.url}: {answer.status}")

    def sign_in(self, username: str) -> "Desk":
        """From the page that asks for it, or from wherever we are."""
        if "/accounts/login/" not in self.page.url:
            self.page.goto("/accounts/login/")
        self.check()
        self.hands.write(self.page.get_by_label("User name"), username)
        self.hands.write(self.page.get_by_label("Password"), PASSWORD)
        self.hands.press(self.main.get_by_role("button", name="Sign in"))
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return self

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.locator("main")

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.locator("dialog#dialog[open]")

    def open(self, path: str) -> "Desk":
        """Go to an address and check the page."""
        self.page.goto(path)
        self.check()
        return self

    def settle(self) -> None:
        """Wait until nothing is under way."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(_QUIET)

    def check(self) -> None:
        """What every page passed must satisfy: nothing for axe to say, nothing wider than the screen, no complaint of the browser."""
        self.settle()
        self._ask_axe(_AXE_OPTIONS)
        wide = self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than {self.width}"
        assert not self.complaints, self.complaints

    def check_other_scheme(self) -> None:
        """The page's colours in the scheme that this desk does not use."""
        usual = _SCHEMES[self.width]
        self.page.emulate_media(color_scheme=_OTHER_SCHEME[usual])
        self._ask_axe({"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]})
        self.page.emulate_media(color_scheme=usual)

    def _ask_axe(self, options: dict[str, Any]) -> None:
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(_AXE.axe_script)
        found = self.page.evaluate("asked => axe.run(...asked)", [{"exclude": [_MORE_ROWS]}, options])
        assert not found["violations"], f"{self.page.url} at {self.width} px\n{_told(found)}"

    def said(self, text: str) -> None:
        """The page shows this message."""
        expect(self.page.locator("#messages")).to_contain_text(text)

    def picture(self, name: str) -> None:
        """Keep the view for the README, in the light scheme, where pictures were asked for."""
        if self.pictures is None:
            return
        self.settle()
        self.page.emulate_media(color_scheme="light")
        taken = Image.open(BytesIO(self.page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
        self.page.emulate_media(color_scheme=_SCHEMES[self.width])
        width = min(_PICTURE_WIDTH, taken.width)
        path = self.pictures / f"{name}.webp"
        self.pictures.mkdir(exist_ok=True)
        taken.resize((width, taken.height * width // taken.width), Image.Resampling.LANCZOS).save(path, quality=66, method=6)
        assert path.stat().st_size < _PICTURE_LIMIT, f"{path} is too large"


def _is_complaint(said: Any) -> bool:
    """Errors and warnings; not the browser's own line about an answer of 4xx, which pages give on purpose."""
    return said.type in ("error", "warning") and "Failed to load resource" not in said.text


def _told(response: dict[str, Any]) -> str:
    """What axe found, with the elements."""
    lines: list[str] = []
    for rule in response["violations"]:
        lines.append(f"{rule['id']}: {rule['help']}")
        lines += [f"    {node['html'][:300]}\n    {node['failureSummary']}" for node in rule["nodes"][:4]]
    return "\n".join(lines)
