"""Verifications through the API: the same services and visibility as the pages."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import ConfigDict, Field

from credit.flags import permissions as flags
from credit.verifications import permissions, rules, selectors, services
from credit.verifications.models import DirectoryContact, Step, Verification
from credit.verifications.rules import Paper
from crm.web.api import once, page
from crm.web.bodies import Body, Day, Moment, RecordId

router = Router(tags=["verifications"])
Line = Annotated[str, Field(max_length=300)]
Message = Annotated[str, Field(min_length=1, max_length=8000)]
KindName = Literal["bill", "buyer", "vat", "credit", "warehouse", "land", "court", "customs"]
_READ = (
    *("id", "client_id", "kind", "state", "ground", "number", "reference", "amount", "currency", "invoice", "contact", "scac"),
    *("vessel", "voyage", "load_port", "discharge_port", "on_board_on", "shipper", "consignee", "goods", "weight", "containers"),
    *("opened_at", "sent_at", "chase_at", "reply_by", "result", "settled_at"),
)


class VerificationIn(Body):
    """A paper as it is transcribed. Of a bill: carrier's code, vessel, ports and day on board are needed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "client_id": 7, "kind": "bill", "number": "OOLU2501234", "reference": "LS-0423", "amount": "3060000.00", "currency": "HKD",
                "scac": "OOLU", "vessel": "Ever Dawn", "load_port": "Yantian", "discharge_port": "Los Angeles",
                "on_board_on": "2026-11-02", "containers": ["CSQU3054383"],
            }
        }
    )  # fmt: skip

    client_id: RecordId
    kind: KindName
    number: Line
    reference: Line
    amount: Decimal
    currency: Literal["HKD", "USD", "CNY", "EUR"]
    invoice: Line = ""
    contact: Line = ""
    scac: Line = ""
    vessel: Line = ""
    voyage: Line = ""
    load_port: Line = ""
    discharge_port: Line = ""
    on_board_on: Day | None = None
    shipper: Line = ""
    consignee: Line = ""
    goods: Line = ""
    weight: Line = ""
    containers: Annotated[list[str], Field(max_length=60)] = []


class VerificationShipIn(Body):
    """Where the ship was on the day on board."""

    agrees: bool
    note: Message


class VerificationSendIn(Body):
    """Whom one asked, by the id of the directory, and what."""

    directory_contact_id: RecordId
    message: Message


class VerificationChaseIn(Body):
    """What was asked again."""

    message: Message


class VerificationSettleIn(Body):
    """The answer word for word, and what it makes of the paper."""

    result: Literal["genuine", "not_issued", "altered", "different", "unchecked"]
    message: Message
    channel: Literal["", "mail", "phone", "letter", "swift", "register", "web"] = ""
    name: Line = ""
    told_at: Moment | None = None


def _one(request: HttpRequest, pk: int) -> dict[str, Any]:
    row = get_object_or_404(Verification.objects.visible_to(request.user), pk=pk)
    steps = Step.objects.visible_to(request.user).filter(verification=row).select_related("actor").order_by("at", "pk")
    told = ("act", "channel", "name", "told_at", "message", "sha256", "at")
    return {
        **_row(row),
        "steps": [{**{name: getattr(step, name) for name in told}, "by": step.actor.username if step.actor else None} for step in steps],
        "flags": list(row.flags.order_by("pk").values_list("code", flat=True)),
    }


def _row(row: Verification) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _READ}


@router.get("")
def verifications(
    request: HttpRequest, client_id: RecordId | None = None, state: str = "", limit: int = 50, cursor: str = ""
) -> dict[str, Any]:
    """Verifications, newest first."""
    permissions.can_read_checks(user=request.user).require()
    rows = Verification.objects.visible_to(request.user)
    for column, value in (("client_id", client_id), ("state", state)):
        if value:
            rows = rows.filter(**{column: value})
    return page(rows, request, _row, ordering=("-opened_at",))


@router.get("sampling")
def sampling(request: HttpRequest, client_id: RecordId, reference: str, amount: Decimal, currency: str = "HKD") -> dict[str, Any]:
    """Whether the bill of a deal is verified, and why. Asking again answers the same."""
    permissions.can_verify(user=request.user).require()
    client = get_object_or_404(flags.clients_of(request.user).select_related("centre"), pk=client_id)
    on = selectors.today_of(client, timezone.now())
    ground = selectors.ground_of(client, reference=reference, amount=amount, currency=currency, on=on)
    return {"verify": ground is not None, "ground": ground}


@router.get("directory")
def directory(request: HttpRequest) -> dict[str, Any]:
    """The contacts in use, by name; 500 at most."""
    permissions.can_read_directory(user=request.user).require()
    rows = DirectoryContact.objects.visible_to(request.user).filter(is_used=True).order_by("name", "pk")[:500]
    told = ("id", "kind", "name", "scac", "channel", "address", "source", "checked_on")
    return {"items": [{name: getattr(row, name) for name in told} for row in rows]}


@router.get("{int:verification_id}")
def verification(request: HttpRequest, verification_id: int) -> dict[str, Any]:
    """One case with its steps."""
    return _one(request, verification_id)


@router.post("", response={201: dict})
@once("verifications.open")
def open_verification(request: HttpRequest, body: VerificationIn) -> tuple[int, dict[str, Any]]:
    """Transcribe a paper. Its containers and number are looked at at once."""
    permissions.can_verify(user=request.user).require()
    get_object_or_404(flags.clients_of(request.user), pk=body.client_id)
    values = body.dict(exclude={"client_id", "kind", "containers"})
    paper = Paper(**values, containers=tuple(rules.containers_of("\n".join(body.containers))))
    made = services.open_verification(client_id=body.client_id, kind=body.kind, paper=paper, actor=request.user, now=timezone.now())
    return 201, _one(request, made.pk)


@router.post("{int:verification_id}/ship", response={200: dict})
@once("verifications.ship")
def ship(request: HttpRequest, verification_id: int, body: VerificationShipIn) -> tuple[int, dict[str, Any]]:
    """Note where the ship was."""
    services.note_ship(verification_id=verification_id, actor=request.user, now=timezone.now(), **body.dict())
    return 200, _one(request, verification_id)


@router.post("{int:verification_id}/send", response={200: dict})
@once("verifications.send")
def send(request: HttpRequest, verification_id: int, body: VerificationSendIn) -> tuple[int, dict[str, Any]]:
    """Note what was asked of whom."""
    services.send(
        verification_id=verification_id,
        contact_id=body.directory_contact_id,
        message=body.message,
        actor=request.user,
        now=timezone.now(),
    )
    return 200, _one(request, verification_id)


@router.post("{int:sent_verification_id}/chase", response={200: dict})
@once("verifications.chase")
def chase(request: HttpRequest, sent_verification_id: int, body: VerificationChaseIn) -> tuple[int, dict[str, Any]]:
    """Note that it was asked again."""
    services.chase(verification_id=sent_verification_id, actor=request.user, now=timezone.now(), **body.dict())
    return 200, _one(request, sent_verification_id)


@router.post("{int:sent_verification_id}/settle", response={200: dict})
@once("verifications.settle")
def settle(request: HttpRequest, sent_verification_id: int, body: VerificationSettleIn) -> tuple[int, dict[str, Any]]:
    """Keep the answer and settle the verification by it."""
    services.settle(verification_id=sent_verification_id, actor=request.user, now=timezone.now(), **body.dict())
    return 200, _one(request, sent_verification_id)
