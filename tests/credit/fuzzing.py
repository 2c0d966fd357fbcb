"""Schemathesis over the credit API (T26): generated requests by somebody of each role, at records that they see and that they do not.

Looked for: errors of ours, answers that break the schema, and any word of a pack that the caller may not see.
"""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from credit.decisions.models import FacilityLetter
from credit.handoff.models import SealedDocument
from credit.packs.models import Pack, PackEvent, PackVersion
from credit.reviews.models import Question
from credit.systems.models import Delivery, Webhook
from crm.staff.models import User
from crm.staff.services import create_token
from crm.web.api import api
from tests.cast import NOW, Bank, fresh
from tests.credit import deciding, making, reviewing
from tests.credit.handoff import making as handoff
from tests.credit.systems import making as systems

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance,
]  # fmt: skip
PREFIXES = ("/api/v1/credit/", "/api/v1/credit-decisions/", "/api/v1/packs", "/api/v1/exposure/")
SLOW = ("/pdf", "/zip")
ROLES = (
    *("arm", "rm", "head", "centre", "ho", "outsider", "analyst", "co1", "chair", "cad", "compliance", "finance", "ops", "lobby"),
    *("branch", "specialist", "editor", "auditor", "admin"),
)


@dataclass
class Found:
    """What was asked, and what went wrong."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)


@cache
def operations() -> tuple[Any, ...]:
    """Those of the credit department, the webhooks among them."""
    api.urls  # noqa: B018 - mounts the routers
    told = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    told["paths"] = {path: methods for path, methods in told["paths"].items() if path.startswith(PREFIXES)}
    schema = schemathesis.openapi.from_dict(told)
    schema.app = WSGIHandler()
    return tuple(result.ok() for result in schema.get_all_operations())


def ids_of(name: str) -> list[int]:
    """Ids of all records that a parameter may speak of, whoever sees them."""
    models: dict[str, Any] = {
        "version_id": PackVersion, "sealed_id": SealedDocument, "question_id": Question, "answered_id": Question, "webhook_id": Webhook,
        "delivery_id": Delivery, "facility_letter_id": FacilityLetter,
    }  # fmt: skip
    if name == "borrower_id":
        return sorted(set(Pack.objects.values_list("company_id", flat=True)))
    return list(models.get(name, Pack).objects.order_by("pk").values_list("pk", flat=True))


def hidden_words(user: User) -> list[str]:
    """The numbers and companies of the packs that a person may not see: no answer holds them."""
    seen = Pack.objects.visible_to(user)
    names = set(seen.values_list("company__name_en", flat=True))
    rows = Pack.objects.exclude(pk__in=seen.values("pk")).select_related("company")
    return sorted({row.number for row in rows} | {row.company.name_en for row in rows} - names)


@dataclass
class Caller:
    """One who asks, and what came of it."""

    headers: dict[str, str]
    hidden: list[str]
    found: Found = field(default_factory=Found)


def _caller(user: User) -> Caller:
    loaded = fresh(user)
    return Caller({"Authorization": f"Bearer {create_token(user=loaded)}", "Accept-Encoding": "identity"}, hidden_words(loaded))


def run(bank: Bank, user: User, *, examples: int, start: int = 1) -> Found:
    """As `run_together`, by one."""
    return run_together([user], examples=examples, start=start)[0]


def run_together(users: Sequence[User], *, examples: int, start: int = 1) -> list[Found]:
    """Ask each operation `examples` times with what fits its schema and as often with what does not, each time as each of these people.

    To think of a request takes longer than to answer it. Nothing stays written.
    """
    callers = [_caller(user) for user in users]
    logging.disable(logging.ERROR)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        for operation in operations():
            few = max(1, examples // 4) if operation.path.endswith(SLOW) else examples
            for mode in _modes(operation):
                _ask(operation, mode, few, start=start, callers=callers)
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)
        logging.disable(logging.NOTSET)
    return [caller.found for caller in callers]


def _modes(operation: Any) -> Iterator[GenerationMode]:
    yield GenerationMode.POSITIVE
    if operation.body or operation.query:
        yield GenerationMode.NEGATIVE


def _ask(operation: Any, mode: Any, examples: int, *, start: int, callers: Sequence[Caller]) -> None:
    names = [parameter.name for parameter in operation.path_parameters]
    ids = {name: ids_of(name) for name in names}

    @seed(int(hashlib.sha256(f"{operation.label}{mode}{start}".encode()).hexdigest()[:8], 16))
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(mode), data=st.data())
    def once(case: Any, data: Any) -> None:
        case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() != "authorization"}
        for caller in callers:
            for name in names:
                case.path_parameters[name] = data.draw(st.sampled_from([2**63, *ids[name], 2**31]))
            _send(operation, case, caller)

    once()


def _send(operation: Any, case: Any, caller: Caller) -> None:
    point = transaction.savepoint()
    try:
        response = case.call(headers=caller.headers)
    except Exception as error:
        said = f"{operation.label} {case.path_parameters} {case.query} {case.body!r}: {type(error).__name__} {error}"
        caller.found.errors.append(said[:600])
        return
    finally:
        transaction.savepoint_rollback(point)
    _judge(operation, case, response, caller.hidden, caller.found)


def _judge(operation: Any, case: Any, response: Any, hidden: list[str], found: Found) -> None:
    found.cases += 1
    found.statuses[response.status_code] += 1
    where = f"{operation.label} {case.path_parameters} {case.query} {case.body!r}: {response.status_code}"
    if response.status_code >= 500:
        found.errors.append(where[:600])
    text = response.text if "json" in "".join(response.headers.get("content-type", [])) else ""
    found.leaks += [f"{where[:300]} holds {word}" for word in hidden if word in text and word not in f"{case.query}{case.body}"]
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as failure:
        if response.status_code < 500:
            found.breaks.append(f"{where[:300]} {failure.exceptions}"[:1500])


def build(bank: Bank) -> dict[str, User]:
    """Packs of two centres at the points that the operations speak of, and systems of both with a webhook; gives the systems."""
    handoff.endorsed(bank)
    handoff.submitted(bank)
    making.in_docs(bank)
    asked = reviewing.in_review(bank)
    reviewing.ask(bank, asked)
    answered = reviewing.in_review(bank)
    reviewing.answer(bank, reviewing.ask(bank, answered, "info"))
    deciding.up(bank)
    far = making.pack(bank, making.company(bank, "outsider", name="Futian Optics Qcfar", name_zh="福田光學"), by="outsider")
    version = making.sealed(far)
    told = {"act": "endorse", "source": "endorse", "target": "handed_off", "actor": bank.outhead, "post": bank.post("outhead")}
    event = PackEvent.objects.create(pack=far, version=version, at=NOW, **told)
    found = {name: systems.account(bank, unit=unit, name=name) for name, unit in (("system", "credit"), ("far_system", "far_centre"))}
    for account in found.values():
        hook = Webhook.objects.create(account=account, url="https://credit.example.com/hook", rotated_at=NOW)
        Delivery.objects.create(webhook=hook, event=event, name="pack.handed_off", state="given_up", made_at=NOW)
    return found
