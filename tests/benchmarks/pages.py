"""The pages that are measured, as whom, beside how many rows on the floor, and the goal of each."""

import datetime as dt
import gzip
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from crm.clients.models import Client
from crm.staff.services import create_token
from tests.benchmarks import floor

MANAGER, CENTRE_HEAD = "rm", "centre"
BACKEND = "crm.staff.backends.PostBackend"
KB = 1024
ROW = "data-row"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a page may cost: times the floor's median, statements, compressed bytes."""

    times_floor: float
    statements: int
    bytes: int | None


LIST = Goal(4, 10, 25 * KB)
RECORD = Goal(8, 14, 40 * KB)
FIND = Goal(5, 8, 15 * KB)
FIND_PAGE = Goal(5, 9, 40 * KB)  # three of them look for names that may have been meant, where no text is found
WRITE = Goal(10, 14, None)
BOARD = Goal(5, 12, 40 * KB)
TODAY = Goal(5, 12, 40 * KB)


@dataclass(frozen=True)
class Reader:
    """Somebody at a browser: theirs, the same one on the floor, their API token, and the client that they look at."""

    browser: Browser
    bare: Browser
    token: str
    client_id: int
    company_id: int


@dataclass(frozen=True)
class Page:
    """One measured page. `row`: by what its rows are counted, for the floor draws as many; empty for a write, beside which it inserts one.

    `first`: the page 1 of a deep one.
    """

    name: str
    goal: Goal
    row: str
    ask: Callable[[Reader], HttpResponse]
    readers: tuple[str, ...] = (MANAGER, CENTRE_HEAD)
    first: str = ""


def sign_in(username: str) -> Reader:
    """A reader of the database in use; whoever sees no client asks for one that is not there."""
    user = get_user_model().objects.get(username=username)
    browser = Browser(headers={"accept-encoding": "gzip"}, raise_request_exception=True)
    browser.force_login(user, backend=BACKEND)
    client = Client.objects.visible_to(user).order_by("pk").first()
    seen = (client.pk, client.company_id) if client else (0, 0)
    return Reader(browser, floor.browser(user), create_token(user=user), *seen)


def rows_of(page: Page, answer: HttpResponse) -> int | None:
    """How many rows a page drew; None for a write."""
    if not page.row:
        return None
    body = gzip.decompress(answer.content) if answer.headers.get("Content-Encoding") == "gzip" else answer.content
    return max(1, body.decode().partition("<main")[2].count(page.row) or body.decode().count(page.row))


def floor_of(reader: Reader, rows: int | None) -> Callable[[], HttpResponse]:
    """The floor of as many rows; of an insert where there are none."""
    path = "/insert/" if rows is None else f"/rows/{rows}/"
    return lambda: reader.bare.get(path)


def _get(name: str, *, of: str = "", **query: str) -> Callable[[Reader], HttpResponse]:
    """A page by its address name; `of` names the reader's attribute that is its record."""

    def ask(reader: Reader) -> HttpResponse:
        args = [getattr(reader, of)] if of else []
        return reader.browser.get(f"{reverse(name, args=args)}?{urlencode(query)}")

    return ask


def _api(path: str) -> Callable[[Reader], HttpResponse]:
    return lambda reader: reader.browser.get(f"/api/v1/{path}", headers={"authorization": f"Bearer {reader.token}"})


_minutes = count(-360)


def _log_call(reader: Reader) -> HttpResponse:
    """Each call later than the one before, so that the company's date of contact moves on."""
    moment = timezone.localtime() + dt.timedelta(minutes=next(_minutes))
    form = {
        "kind": "call",
        "happened_at": f"{moment:%Y-%m-%dT%H:%M}",
        "summary": "Spoke of next year's orders; they ask for longer terms.",
        "next_step": "Send the offer",
        "next_step_on": f"{moment + dt.timedelta(days=3):%Y-%m-%d}",
        "submission": str(uuid.uuid4()),
    }
    return reader.browser.post(f"{reverse('visits:call_create')}?company={reader.company_id}", form)


def _list(name: str, url_name: str, filters: dict[str, str]) -> list[Page]:
    """A list's page 1, a filtered page, its deepest page."""
    return [
        Page(name, LIST, ROW, _get(url_name, all="1")),
        Page(f"{name}_filtered", LIST, ROW, _get(url_name, **filters)),
        Page(f"{name}_deepest", LIST, ROW, _get(url_name, cursor="last"), first=name),
    ]


PAGES = [
    *_list("client_list", "clients:client_list", {"status": "active"}),
    *_list("prospect_list", "deals:deal_list", {"source": "LISTCO"}),
    *_list("visit_list", "visits:visit_list", {"kind": "call"}),
    *_list("company_list", "companies:company_list", {"sector": "Textiles"}),
    *_list("contact_list", "companies:contact_list", {"role": "finance"}),
    Page("company_list_found", LIST, ROW, _get("companies:company_list", q="wing fat")),
    Page("client_page", RECORD, "<li", _get("clients:client_detail", of="client_id")),
    Page("company_page", RECORD, "<li", _get("companies:company_detail", of="company_id")),
    Page("timeline", RECORD, "<li", _get("companies:company_timeline", of="company_id")),
    Page("palette_english", FIND, 'role="option"', _get("search:palette", q="wing")),
    Page("palette_chinese", FIND, 'role="option"', _get("search:palette", q="永發")),
    Page("palette_initials", FIND, 'role="option"', _get("search:palette", q="yf")),
    Page("search_page", FIND_PAGE, ROW, _get("search:search", q="wing fat")),
    Page("board", BOARD, 'class="deal"', _get("deals:deal_board")),
    Page("today", TODAY, "data-open", _get("today:today")),
    Page("task_list", LIST, ROW, _get("today:work_list"), readers=(MANAGER,)),
    Page("log_call", WRITE, "", _log_call, readers=(MANAGER,)),
    Page("api_clients", LIST, '"url"', _api("clients?limit=50")),
]
