"""Asks every surface as one person and says which canaries were heard where."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader

from crm.staff.services import create_token
from crm.web.api import api
from crm.web.views import FragmentView, ListView
from tests.access import asking
from tests.access.canaries import API, CANARIES, CSV, FRAGMENTS, PAGES, QUERIES, SEARCH, XLSX
from tests.access.features import RULES
from tests.access.people import ANONYMOUS

Heard = dict[str, set[str]]
# Who is not signed in gets nothing but the way to sign in (test_matrix.py); the others stand in the posts of somebody who is asked.
LEFT_OUT = {ANONYMOUS, "admin2", "head2", "outhead", "co1", "chair", "cad", "branch"}
FINDERS = {canary.finder for canary in CANARIES.values()}
SEARCHED = ("search:search", "search:palette", "visits:company_find")
IDS = {
    "company_id": "company",
    "client_id": "client",
    "contact_id": "contact",
    "deal_id": "deal",
    "visit_id": "visit",
    "clipping_id": "clipping",
    "gift_id": "gift",
    "approval_id": "approval",
    "approved_gift_id": "gift_approved",
    "figure_change_id": "figure_change",
    "table_name": "policy",
    "letter_id": "letter",
    "facility_letter_id": "facility_letter",
    "group_id": "group",
    "event_id": "event",
    "asked_id": "asked",
    "held_id": "held",
    "reported_id": "reported",
    "draft_id": "draft",
    "expired_id": "expired",
    "over_id": "over",
    "extra_id": "extra",
    "claimed_id": "claimed",
    "posted_id": "posted",
    "batch_id": "batch",
    "returned_id": "returned",
    "issued_gift_id": "gift_issued",
    "received_gift_id": "gift_received",
    "concession_id": "concession",
    "granted_id": "granted",
    "pack_id": "pack",
    "borrower_id": "pack_company",
    "spread_id": "spread",
    "entered_spread_id": "spread",
    "reviewed_id": "pack_in_review",
    "question_id": "question",
    "answered_id": "question_answered",
    "up_id": "pack_up",
    "live_id": "live",
    "payment_id": "payment",
    "checked_payment_id": "payment_checked",
    "month_list_id": "month_list",
    "covenant_id": "covenant",
    "covenant_test_id": "covenant_test",
    "received_test_id": "covenant_received",
    "flag_id": "flag",
    "closed_flag_id": "flag",
    "suggestion_id": "suggestion",
    "verification_id": "check",
    "sent_verification_id": "check_sent",
    "handed_id": "pack_in_review",
    "asked_pack_id": "pack_asked",
    "version_id": "version",
    "sealed_id": "sealed_document",
    "webhook_id": "webhook",
    "delivery_id": "delivery",
    "standing_id": "standing",
    "surprise_id": "surprise",
    "present_id": "surprise_at_place",
    "duty_file_id": "duty_file",
    "duty_frozen_id": "duty_frozen",
    "duty_asked_id": "duty_asked",
    "duty_heard_id": "duty_heard",
    "duty_voted_id": "duty_voted",
    "duty_decided_id": "duty_decided",
    "handover_id": "handover",
}
VIEWS = {name: getattr(pattern.callback, "view_class", object) for name, pattern in asking.addresses()}
LISTS = {name: view for name, view in VIEWS.items() if issubclass(view, ListView)}
READS = {path: methods["get"] for path, methods in api.get_openapi_schema()["paths"].items() if "get" in methods}


def _content(response: HttpResponse) -> bytes:
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).encode()
    if not content.startswith(b"PK"):
        return content
    book = zipfile.ZipFile(io.BytesIO(content))
    return b"".join(book.read(name) for name in book.namelist())


def ask(client: Client, method: str, url: str, *args: Any, **kwargs: Any) -> tuple[int, str]:
    """Status and content, with whatever was written undone."""
    point = transaction.savepoint()
    try:
        response = getattr(client, method)(url, *args, **kwargs)
        return response.status_code, _content(response).decode("utf-8", "replace")
    finally:
        transaction.savepoint_rollback(point)


def opened(client: Client, url: str) -> tuple[int, Mapping[str, str], set[str]]:
    """Status and headers of a page, and the words in it; with whatever was written undone."""
    point = transaction.savepoint()
    try:
        response = client.get(url)
        return response.status_code, response.headers, words_in(_content(response).decode("utf-8", "replace"))
    finally:
        transaction.savepoint_rollback(point)


def words_in(content: str, typed: str = "") -> set[str]:
    """The canaries that are heard, but for what was typed."""
    folded = content.replace("\\", "").lower()
    return {word for word in CANARIES if word.lower() in folded and word.lower() not in typed.lower()}


def surfaces(client: Client, user: Any, world: Any) -> Iterator[tuple[str, str, int, str, str]]:
    """(surface, address, status, what was typed, content) of everything that opens for this person; test_matrix.py tries the rest.

    Pages are read here by those who must find something in them; what others read there test_matrix.py hears on its way.
    """
    for name, rule in RULES.items():
        if rule.expected(user.username) != 200:
            continue
        url = asking.address(name, rule, world)
        # A fragment that is asked for by itself is drawn into a page by the same template; a list answers htmx in another way.
        if user.username in FINDERS and not issubclass(VIEWS[name], FragmentView):
            yield (PAGES, url, *_asked(client, "get", url))
        if issubclass(VIEWS[name], (FragmentView, ListView)):
            yield (FRAGMENTS, url, *_asked(client, "get", url, headers={"HX-Request": "true"}))
    for name, view in LISTS.items():
        if RULES[name].expected(user.username) != 200:
            continue
        url = asking.address(name, RULES[name], world)
        for query in QUERIES if view.search_hint else ():
            yield (SEARCH, url, *_asked(client, "get", url, {"q": query}))
        for file_format in (CSV, XLSX) if view.exportable else ():
            yield (file_format, url, *_asked(client, "post", f"{url}?view=all", {"export": file_format}))
    for name in SEARCHED:
        for query in QUERIES:
            yield (SEARCH, name, *_asked(client, "get", asking.address(name, RULES[name], world).split("?")[0], {"q": query, "to": "log"}))
    yield from _api(user, world)


def _asked(client: Client, method: str, url: str, data: Any = None, **kwargs: Any) -> tuple[int, str, str]:
    status, content = ask(client, method, url, data or {}, **kwargs)
    return status, str((data or {}).get("q", "")), content


def _api(user: Any, world: Any) -> Iterator[tuple[str, str, int, str, str]]:
    client, headers = Client(), {"Authorization": f"Bearer {create_token(user=user, scopes=('read', 'write'))}"}
    for path, read in READS.items():
        url = path.format(**{name: getattr(world, IDS[name]).pk for name in IDS if f"{{{name}}}" in path})
        asked = ("", *QUERIES) if any(parameter["name"] == "q" for parameter in read.get("parameters", ())) else ("",)
        for query in asked:
            yield (API, url, *_asked(client, "get", url, {"q": query} if query else {}, headers=headers))


def heard_by(client: Client, user: Any, world: Any) -> tuple[Heard, list[str]]:
    """The words that were heard, by surface; and what broke."""
    heard: Heard = defaultdict(set)
    broken = []
    for surface, url, status, typed, content in surfaces(client, user, world):
        if status >= 500:
            broken.append(f"{surface} {url}: {status}")
        if status == 200:
            heard[surface] |= words_in(content, typed)
    return heard, broken
