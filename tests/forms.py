"""What a browser sends of a form that nobody touches, read from the page as it was drawn."""

from html.parser import HTMLParser
from typing import Any

_NOT_SENT = {"submit", "button", "file", "image", "reset"}


class _Form(HTMLParser):
    """The first form of the page's content: the one that keeps a draft."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.inside = False
        self.select = self.area = ""
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.inside = self.inside or (tag == "form" and "data-draft" in said)
        name = said.get("name") or ""
        if not self.inside:
            return
        if tag == "input" and name and said.get("type") not in _NOT_SENT:
            if said.get("type") not in ("checkbox", "radio") or "checked" in said:
                self.sent.setdefault(name, []).append(said.get("value") or ("on" if said.get("type") == "checkbox" else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and ("selected" in said or self.select not in self.sent):
            self.sent[self.select] = [said.get("value") or ""]
        elif tag == "textarea":
            self.area, self.words = name, []

    def handle_data(self, data: str) -> None:
        if self.area:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            text = "".join(self.words).removeprefix("\r").removeprefix("\n")
            self.sent[self.area], self.area = [text.replace("\r\n", "\n").replace("\n", "\r\n")], ""
        self.inside = self.inside and tag != "form"


def untouched(response: Any) -> dict[str, list[str]]:
    """The values by name, the hidden ones too, except the submission's key."""
    form = _Form()
    form.feed(response.content.decode())
    return {name: values for name, values in form.sent.items() if name not in ("submission", "csrfmiddlewaretoken")}


def sent_with_version(browser: Any, url: str, data: dict[str, Any]) -> Any:
    """The answer to this data from a form that was opened just now: only its version is sent besides."""
    return browser.post(url, data | {"version": untouched(browser.get(url))["version"]})
