"""Every write of the API with a body that is carried out, and the ids that may not be named in it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from crm.web.api import api

SCHEMA = api.get_openapi_schema()
WRITES = {(method, path) for path, methods in SCHEMA["paths"].items() for method in methods if method != "get"}


# What a pack needs to be handed off in every way stands with the tests of the handoff, which send these two.
OF_A_READY_PACK = {
    ("post", f"/api/v1/credit/packs/{{{name}_id}}/{act}") for name, act in (("submitted", "submit"), ("endorsed", "endorse"))
}

# A form with a file, and no fields besides: tests/visits/test_api_files.py sends it.
OF_FILES = {("post", "/api/v1/files")}


def bodies(world: Any) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    """(who writes, what) by method and path. The test fails where one is missing."""
    today = timezone.localdate().isoformat()
    note = {"kind": "visit", "happened_at": (timezone.now() - dt.timedelta(hours=1)).isoformat(), "summary": "Looms run"}
    met = {"met": [{"contact_id": world.contact.pk}], "colleague_ids": []}
    said = {"attempt": {"text": "Called", "on": today}}
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    gift = {"company_id": world.company.pk, "contact_id": world.contact.pk, "occasion": "festival"}
    received = {"what": "Calendar", "category": "promotional", "value": "100.00", "basis": "estimate", "on": today}
    fewer = {"table": "deals.lead_cap", "values": {"SRM": 60}, "effective_from": today, "reason": "Too many"}
    until = (timezone.localdate() + dt.timedelta(days=90)).isoformat()
    asked = {"kind": "CT6", "days": "2", "reason": "The auditor is late", "sunset_on": until}
    borrower = {"client_types": ["company"]}
    found = {
        "post /gifts": ("rm", gift | {"item_id": world.gift_item.pk, "on": tomorrow}),
        "post /gifts/received": ("rm", gift | received),
        "post /gifts/{gift_id}/decide": ("head", {"act": "approve"}),
        "post /gifts/{approved_gift_id}/issue": ("ops", {}),
        "post /gifts/{issued_gift_id}/hand_over": ("rm", {}),
        "post /gifts/{issued_gift_id}/decline": ("rm", {"note": "Not allowed to"}),
        "post /gifts/{gift_id}/cancel": ("rm", {"note": "Not needed"}),
        "post /gifts/{received_gift_id}/dispose": ("rm", {"disposal": "shared"}),
        "post /approvals/{approval_id}/decide": ("head", {"act": "approve"}),
        "post /policies/changes/{figure_change_id}/withdraw": ("head", {}),
        "post /policies/changes": ("head", fewer | {"person_id": world.client.owner_id}),
        "post /companies": ("rm", {"name_en": "Blue Kiln Ceramics"}),
        "patch /companies/{company_id}": ("rm", {"version": world.company.version, "sector": "Dyes"}),
        "post /clients/{client_id}/tier": ("head", {"tier": "B", "reason": "Less business"}),
        "post /clients/{client_id}/kyc": ("rm", {"risk": "low", "reviewed_on": today}),
        "post /clients/{client_id}/status": ("rm", {"status": "active", "reason": "Opened"}),
        "post /contacts": ("rm", {"company_id": world.company.pk, "name_en": "Ann Wong"}),
        "patch /contacts/{contact_id}": ("rm", {"version": world.contact.version, "title": "Director"}),
        "post /contacts/{contact_id}/opt_outs": ("rm", {"channel": "phone"}),
        "post /prospects": ("rm", {"source": "INBOUND", "name_en": "Blue Kiln Ceramics"}),
        "patch /prospects/{deal_id}": ("rm", {"version": world.deal.version, "need": "Cash"}),
        "post /prospects/{deal_id}/advance": ("rm", {"to_stage": "S2", "statements": said}),
        "post /prospects/{deal_id}/log_visit": ("rm", note),
        "post /letters": ("rm", {"company_id": world.company.pk, "template": world.letter.template.code, "language": "en"}),
        "post /concessions/level": ("rm", {"company_id": world.company.pk, "kind": "CT6", "days": "2"}),
        "post /concessions": ("rm", asked | {"company_id": world.company.pk}),
        "post /concessions/exercise": ("rm", asked | {"company_id": world.company.pk}),
        "post /concessions/{concession_id}/decide": ("head", {"act": "approve"}),
        "post /concessions/{returned_id}/answer": ("rm", {"answer": "Those of last year"}),
        "post /concessions/{concession_id}/withdraw": ("rm", {"reason": "Came in time"}),
        "post /concessions/{granted_id}/apply": ("rm", {}),
        "post /concessions/{granted_id}/promise_kept": ("rm", {"words": "All sent"}),
        "post /concessions/{granted_id}/revoke": ("head", {"reason": "Not kept"}),
        "post /concessions/{granted_id}/tell": ("rm", {"channel": "phone", "reaction": "pleased"}),
        "post /packs": ("rm", {"company_id": world.deal.company_id, "kind": "new", "authorship": "A", "segment": "sme"} | borrower),
        "post /visits": ("rm", note | met | {"client_id": world.client.pk}),
        "post /visits/{visit_id}/attachments": ("rm", {"file_id": world.photo.pk}),
        "post /spreads/{spread_id}/periods": ("rm", {"ends_on": "2023-12-31", "lines": {"sales": "100"}}),
        "post /spreads/{entered_spread_id}/check": ("head", {"version": world.spread.version}),
        **hospitality(world),
        **credit(),
        **monitoring(world),
    }
    return {(key.split(" ")[0], f"/api/v1{key.split(' ')[1]}"): value for key, value in found.items()}


def hospitality(world: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Those of hospitality."""
    moment = (timezone.now() + dt.timedelta(days=30)).isoformat()
    wish = {"event_at": moment, "venue": "Pier", "kind": "dinner", "purpose": "thanks", "estimate": "300.00", "guests": [{"name": "Ann"}]}
    told = {"bill": {"food": "300.00"}, "means": "own_card", "relationship": "solid", "purposes": ["thanks"]}
    texts = {"topics": "Looms", "result": "Stays", "declared": True}
    slip = {"merchant": "Pier", "number": "A-1", "day": world.reported.event_on.isoformat(), "amount": "600.00"}
    return {
        "post /hospitality": ("rm", wish | {"company_id": world.company.pk}),
        "patch /hospitality/{draft_id}/draft": ("rm", wish | {"version": world.draft.version}),
        "post /hospitality/{draft_id}/submit": ("rm", {}),
        "post /hospitality/{event_id}/cancel": ("rm", {"reason": "The guest is ill"}),
        "post /hospitality/{expired_id}/reopen": ("centre", {"reason": "Was abroad"}),
        "post /hospitality/{over_id}/more": ("rm", {"amount": "100.00", "reason": "One more came"}),
        "post /hospitality/more/{extra_id}/decide": ("centre", {"grant": True}),
        "post /hospitality/{claimed_id}/check": ("finance", {"total": "600.00", "heads": 2}),
        "post /hospitality/{claimed_id}/query": ("finance", {"reason": "Four plates?"}),
        "post /hospitality/{posted_id}/claw_back": ("finance", {"reason": "Altered"}),
        "post /hospitality/postings": ("finance", {}),
        "post /hospitality/postings/{batch_id}/pay": ("finance", {}),
        "post /hospitality/{held_id}/report": ("rm", told | texts),
        "post /hospitality/{reported_id}/claim": ("rm", {"receipts": [slip]}),
        "post /hospitality/{asked_id}/decide": ("head", {"act": "approve"}),
    }


def credit() -> dict[str, tuple[str, dict[str, Any]]]:
    """Those of the credit department, and the answer to it."""
    question = {"topic": "cash", "severity": "info", "text": "Who pays?"}
    return {
        "post /credit/packs/{reviewed_id}/questions": ("analyst", {"questions": [question]}),
        "post /credit/questions/{question_id}/answer": ("rm", {"text": "The tenants"}),
        "post /credit/questions/{answered_id}/accept": ("analyst", {}),
        "post /credit/questions/{answered_id}/reopen": ("analyst", {"text": "Which?"}),
        "post /credit/questions/{question_id}/withdraw": ("analyst", {"text": "Seen"}),
        "post /credit/packs/{asked_pack_id}/resume": ("rm", {}),
        "post /credit-decisions/packs/{up_id}": ("co1", {"word": "approve", "judgement": "It pays"}),
        "post /credit/webhooks": ("system", {"url": "https://credit.example.com/other"}),
        "post /credit/webhooks/{webhook_id}/rotate": ("system", {}),
        "post /credit/webhooks/{webhook_id}/end": ("system", {}),
        "post /credit/deliveries/{delivery_id}/resend": ("system", {}),
    }


def monitoring(world: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Those of red flags, verifications, payments, covenants, handovers and committees."""
    today = timezone.localdate().isoformat()
    due = {"purpose": "Lathes", "payee": "Hung Shing", "account": "1", "contract": "X", "contract_party": "Hung Shing"}
    moves = {"client_id": world.client.pk, "incoming_id": world.handover.incoming_id, "witness_id": world.handover.witness_id}
    paper = {"client_id": world.flagged.pk, "kind": "land", "number": "Lot 9", "reference": "P-9", "amount": "5", "currency": "HKD"}
    return {
        "post /payments/packs/{live_id}": ("analyst", due | {"amount": "5", "contract_amount": "5"}),
        "post /payments/lists/{month_list_id}": ("rm", {"lines": f"{world.month_list.month}; Hung Shing; 10.00"}),
        "post /payments/{payment_id}/check": ("cad", {"note": "All agree"}),
        "post /payments/{payment_id}/reject": ("cad", {"reason": "No invoice"}),
        "post /payments/{checked_payment_id}/pay": ("ops", {}),
        "post /credit/covenants/tests/{covenant_test_id}/paper": ("rm", {"received_on": today, "link": "/visits/1/"}),
        "post /credit/covenants/tests/{received_test_id}/result": ("analyst", {"answer": "met", "note": "Seen", "link": "/visits/1/"}),
        "post /flags": ("rm", {"client_id": world.client.pk, "code": "RF-10", "note": "Half the market price"}),
        "post /flags/{flag_id}/answer": ("rm", {"act": "explain", "note": "End of season"}),
        "post /flags/{closed_flag_id}/close": ("head", {"note": "Contract seen", "link": "/visits/1/"}),
        "post /flags/suggestions/{suggestion_id}/take": ("rm", {"note": "Rent of two months"}),
        "post /flags/suggestions/{suggestion_id}/refuse": ("rm", {"reason": "Another company"}),
        "post /verifications": ("analyst", paper),
        "post /verifications/{verification_id}/ship": ("analyst", {"agrees": True, "note": "In Yantian"}),
        "post /verifications/{verification_id}/send": (
            "analyst",
            {"directory_contact_id": world.check_contact.pk, "message": "Did you issue it?"},
        ),
        "post /verifications/{sent_verification_id}/chase": ("analyst", {"message": "Again"}),
        "post /verifications/{sent_verification_id}/settle": ("analyst", {"result": "unchecked", "message": "A house bill"}),
        "post /credit-handovers": ("rm", moves | {"reason": "Moves to Shatin"}),
        "post /credit-handovers/{handover_id}/sign": ("rm2", {}),
        "post /credit-handovers/{handover_id}/renew": ("rm", {}),
        "post /credit-handovers/{handover_id}/drop": ("rm", {"reason": "Stays"}),
        "post /credit-accountability/{duty_file_id}/entries": ("rm", {"kind": "note", "words": "Seen"}),
        "post /credit-accountability/frozen/{duty_frozen_id}/convene": ("auditor", {}),
        "post /credit-accountability/committees/{duty_asked_id}/answer": ("rm", {"words": "I objected"}),
        "post /credit-accountability/committees/{duty_heard_id}/vote": ("auditor", {"outcome": "full", "judgement": "He objected"}),
        "post /credit-accountability/committees/{duty_voted_id}/close": ("auditor", {"reason": "A clear objection"}),
        "post /credit-accountability/committees/{duty_decided_id}/object": ("rm", {"words": "He never asked me"}),
        "post /risk-classes/{standing_id}/propose": ("rm", {"loan_class": 1, "grade": 3, "reason": "Low debt"}),
        "post /risk-classes/{standing_id}/downgrade": ("head", {"loan_class": 3, "evidence": "Nobody there"}),
        "post /surprise-visits/{surprise_id}/check_in": ("rm", {"away_reason": "The yard is at the back"}),
        "post /surprise-visits/{present_id}/record": ("rm", {"entry_refused": True, "result": "watch", "result_reason": "Sent away"}),
        "post /surprise-visits/{surprise_id}/cancel": ("centre", {"reason": "Typhoon signal 8 is up"}),
    }


def named_ids(method: str, path: str) -> Iterator[tuple[str, ...]]:
    """The places in a body that hold the id of a record, each as the way to it."""
    asked = SCHEMA["paths"][path][method].get("requestBody")
    if asked:
        yield from _within(asked["content"]["application/json"]["schema"], ())


def _within(schema: dict[str, Any], way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if "$ref" in schema:
        schema = SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in schema.get("anyOf", ()):
        yield from _within(choice, way)
    if "items" in schema:
        yield from _within(schema["items"], (*way, "[]"))
    for name, inner in schema.get("properties", {}).items():
        yield from _within(inner, (*way, name))
    if schema.get("type") == "integer" and next(part for part in reversed(way) if part != "[]") not in NUMBERS:
        yield way


NUMBERS = {
    "progress_percent",
    "loan_class",
    "grade",
    "point",
    "people_seen",
    "on_payroll",
    "version",
    "mood",
    "accuracy_m",
    "quantity",
    "heads",
    "months",
}


def put(body: dict[str, Any], way: tuple[str, ...], value: int) -> dict[str, Any]:
    """The body with a value at one place; what leads there and is missing is made."""
    head, *rest = way
    if not rest:
        return body | {head: value}
    if rest[0] == "[]":
        return body | {head: [put({}, tuple(rest[1:]), value) if rest[1:] else value]}
    return body | {head: put(body.get(head) or {}, tuple(rest), value)}
