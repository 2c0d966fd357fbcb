"""What the page frame shows around every page: the menu, the Log sheet, the palette's commands. Reads nothing but the loaded posts."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest

from crm.kernel.addresses import url_of
from crm.kernel.contributions import LogEntry, NavItem, PaletteCommand, of

DRAFT = "draft:"


def shell(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Functions that templates call when they draw the frame; a fragment never pays for them, and a page that draws one twice pays once."""
    return {
        "nav_sections": cache(partial(nav_sections, request)),
        "log_entries": cache(partial(log_entries, request)),
        "palette_commands": cache(partial(palette_commands, request)),
        "saved_drafts": partial(saved_drafts, request),
    }


def nav_sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu by section, with only what the reader's posts open, and the current page marked."""
    if not _signed_in(request):
        return []
    items = [(item, url_of(item.url_name)) for item in of(NavItem) if item.shown(request.user)]
    current = _current(request.path, [address for _item, address in items])
    sections: dict[str, list[dict[str, Any]]] = {}
    for item, address in items:
        entry = {"label": item.label, "url": address, "icon": item.icon, "current": address == current, "on_phone": item.on_phone}
        sections.setdefault(str(item.section), []).append(entry)
    return [{"label": label, "items": entries} for label, entries in sections.items()]


def log_entries(request: HttpRequest) -> list[dict[str, Any]]:
    """What the phone's Log sheet offers."""
    return _entries(request, LogEntry)


def palette_commands(request: HttpRequest) -> list[dict[str, Any]]:
    """The commands of the palette."""
    return _entries(request, PaletteCommand)


def saved_drafts(request: HttpRequest) -> list[str]:
    """The drafts that the browser may forget, by the messages on this page."""
    tags = (message.extra_tags or "" for message in get_messages(request))
    return [tag.removeprefix(DRAFT) for tag in tags if tag.startswith(DRAFT)]


def _entries(request: HttpRequest, kind: Any) -> list[dict[str, Any]]:
    if not _signed_in(request):
        return []
    shown = [entry for entry in of(kind) if entry.shown(request.user)]
    return [{"label": entry.label, "url": url_of(entry.url_name), "icon": entry.icon} for entry in shown]


def _current(path: str, addresses: list[str]) -> str:
    """The entry whose address begins this page's, the longest where several do; home only for home itself."""
    return max((address for address in addresses if address == path or (address != "/" and path.startswith(address))), key=len, default="")


def _signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated
