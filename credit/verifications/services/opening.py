"""A paper is transcribed: its containers are checked, and whether it was financed before; the ship's position is noted."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.flags import permissions as flags
from credit.flags.models import Flag
from credit.flags.services.traces import hold_client
from credit.packs.rules import line, refuse
from credit.verifications import permissions, rules, selectors
from credit.verifications.choices import AFTER, BAD_CHECK_DIGIT, FINANCED_TWICE, VESSEL_ELSEWHERE, Act, CheckWork, Ground, Kind
from credit.verifications.models import Verification
from credit.verifications.rules import Paper
from credit.verifications.services.steps import ask, flag, locked, write
from crm.figures import selectors as figures
from crm.kernel.limits import decimal
from crm.visits.rules import closing_time

_LINES = {"number": 60, "reference": 60, "invoice": 60, "contact": 300, "vessel": 80, "voyage": 40, "load_port": 80, "discharge_port": 80,
          "shipper": 200, "consignee": 200, "goods": 300, "weight": 40}  # fmt: skip


@transaction.atomic
def open_verification(*, client_id: int, kind: str, paper: Paper, actor: Any, now: dt.datetime) -> Verification:
    """Transcribe a paper and put it up to be sent today; a bill whose containers or number give it away raises its flag at once.

    A bill that was put up by itself is filled in.

    NotAllowed for others than the credit department; RuleBroken for what is missing or cannot be, and for one that is known already.
    """
    permissions.can_verify(user=actor).require()
    flags.clients_of(actor).get(pk=client_id)
    client = hold_client(client_id)
    if kind not in Kind.values:
        raise refuse("kind", _("Pick one of the choices."))
    columns = _columns(kind, paper)
    today = selectors.today_of(client, now)
    ground = selectors.ground_of(
        client, reference=columns["reference"], amount=paper.amount, currency=paper.currency, on=today
    ) if kind == Kind.BILL else None  # fmt: skip
    known = {name: columns[name] for name in ("scac", "number_key", "reference")}
    made: Verification | None = Verification.objects.filter(client=client, kind=kind, **known).first()
    if made is not None and not made.is_to_be_transcribed:
        raise refuse("number", _("This paper is verified for this deal already."))
    if made is None:
        made = Verification(client=client, kind=kind, ground=ground or Ground.CHOSEN, opened_at=now)
    is_new = made.pk is None
    for name, value in (columns | {"client": client, "opened_by": actor}).items():
        setattr(made, name, value)
    made.record(actor=actor, reason=Act.OPEN)
    write(made, Act.OPEN, actor=actor, now=now)
    if is_new:
        _ask_today(made, actor=actor, now=now)
    _look(made, actor=actor, now=now)
    return made


def _ask_today(made: Verification, *, actor: Any, now: dt.datetime) -> None:
    calendar, today = selectors.calendar_of(made.client, now), selectors.today_of(made.client, now)
    ask(made, CheckWork.SEND, actor=actor, due_at=max(closing_time(calendar.add_working_days(today, 0), calendar), now))


def verify_open_bills(*, flag: Flag, now: dt.datetime) -> int:
    """After RF-01 and RF-02 every open bill of the client is asked about (domain 7.5, scenario 13). Returns how many are put up.

    The bills are those of the core bank's newest file; each still has to be transcribed from the paper. One that is verified for its deal
    is not put up again. In the transaction that raises the flag.
    """
    if flag.code not in AFTER:
        return 0
    client, found = flag.client, 0
    for bill in figures.open_bills(client, on=selectors.today_of(client, now)):
        columns = {"number": bill.number, "number_key": rules.plain(bill.number)[:60], "reference": bill.reference, "scac": bill.scac}
        known = {name: columns[name] for name in ("scac", "number_key", "reference")}
        if Verification.objects.filter(client=client, kind=Kind.BILL, **known).exists():
            continue
        told = {"amount": decimal(bill.amount), "currency": bill.currency, "ground": Ground.FLAGGED, "opened_at": now}
        made = Verification(client=client, kind=Kind.BILL, **columns, **told)
        made.record(actor=None, reason=Act.OPEN)
        _ask_today(made, actor=None, now=now)
        found += 1
    return found


def _columns(kind: str, paper: Paper) -> dict[str, Any]:
    columns: dict[str, Any] = asdict(paper)
    for name, most in _LINES.items():
        columns[name] = line(columns[name], most)
    if not rules.plain(columns["number"]):
        raise refuse("number", _("Write the number of the paper."))
    if not columns["reference"]:
        raise refuse("reference", _("Write our reference of the deal."))
    if paper.amount <= 0:
        raise refuse("amount", _("An amount above nothing."))
    columns["containers"] = list(paper.containers)
    if kind == Kind.BILL:
        columns["scac"] = rules.carrier_code(paper.scac)
        for name in ("vessel", "load_port", "discharge_port"):
            if not columns[name]:
                raise refuse(name, _("Write it as it stands on the bill."))
        if paper.on_board_on is None:
            raise refuse("on_board_on", _("Write it as it stands on the bill."))
    else:
        columns |= {"scac": "", "containers": [], "on_board_on": None}
    return {**columns, "number_key": rules.plain(columns["number"])[:60], "invoice_key": rules.plain(columns["invoice"])[:60]}


def _look(verification: Verification, *, actor: Any, now: dt.datetime) -> None:
    """RF-04 for a check digit that does not fit, RF-09 for a bill or an invoice that was brought for another deal, on each client."""
    bad = rules.bad_containers(verification.containers)
    if bad:
        words = _("Check digit does not fit: %(numbers)s.") % {"numbers": ", ".join(bad)}
        flag(verification, BAD_CHECK_DIGIT, words, actor=actor, now=now)
    others = selectors.financed_before(verification)
    if others:
        words = _("%(number)s was brought for another deal.") % {"number": verification.number}
        for client in {verification.client_id: verification.client, **{other.client_id: other.client for other in others}}.values():
            flag(verification, FINANCED_TWICE, words, actor=actor, now=now, client=client)


@transaction.atomic
def note_ship(*, verification_id: int, agrees: bool, note: str, actor: Any, now: dt.datetime) -> Verification:
    """Where the ship was on the day on board: RF-07 where it was elsewhere. NotAllowed; RuleBroken without the source."""
    verification = locked(verification_id, actor)
    permissions.can_verify(user=actor, verification=verification).require()
    if verification.kind != Kind.BILL:
        raise refuse("note", _("Only a bill of lading has a ship."))
    words = line(note, 1000)
    if not words:
        raise refuse("note", _("Say where the position comes from, and what it says."))
    write(verification, Act.SHIP, actor=actor, now=now, message=words)
    if not agrees:
        flag(verification, VESSEL_ELSEWHERE, words, actor=actor, now=now)
    return verification
