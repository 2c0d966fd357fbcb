"""What every step of a verification has in common: its lock, its row, work items, the flag that it raises."""

import datetime as dt
import hashlib
from typing import Any

from django.utils.translation import override

from credit.flags.choices import Origin
from credit.flags.models import Flag
from credit.flags.services import raise_flag
from credit.verifications.choices import SUBJECT, TRANSITIONS
from credit.verifications.models import Step, Verification
from crm.clients.models import Client
from crm.kernel.errors import Sentence
from crm.kernel.files import StoredFile
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkItem
from crm.staff.choices import Role


def locked(verification_id: int, actor: Any) -> Verification:
    """The verification, locked, among those that the actor may see. Verification.DoesNotExist where hidden."""
    rows = Verification.objects.visible_to(actor).select_for_update(of=("self",))
    return load(rows.values_list("pk", flat=True).get(pk=verification_id))


def load(pk: int) -> Verification:
    """With its client and centre."""
    found: Verification = Verification.objects.select_related("client__company", "client__centre", "asked").get(pk=pk)
    return found


def move(verification: Verification, state: str, *, actor: Any, reason: str, fields: tuple[str, ...] = ()) -> None:
    """InvalidTransition where its state does not lead there."""
    check_transition(TRANSITIONS, verification.state, state)
    verification.state = state
    verification.record(actor=actor, reason=reason, fields=["state", *fields])


def write(
    verification: Verification, act: str, *, actor: Any, now: dt.datetime, message: str = "", file: StoredFile | None = None, **told: Any
) -> Step:
    """What was done, with the hash of the original: of the file, else of the words."""
    digest = file.sha256 if file else (hashlib.sha256(message.encode()).hexdigest() if message else "")
    post = actor.actor.post() if actor is not None else None
    return Step.objects.create(
        verification=verification, act=act, message=message, file=file, sha256=digest, actor=actor, post=post, at=now, **told
    )


def ask(verification: Verification, kind: str, *, actor: Any, due_at: dt.datetime) -> None:
    """For the analysts of the bank. Nobody who speaks with the client serves that queue."""
    WorkItem.objects.create(
        kind=kind,
        title=f"{verification.number} · {verification.client.company}"[:300],
        company_id=verification.client.company_id,
        role=Role.CA,
        due_at=due_at,
        subject_type=SUBJECT,
        subject_id=verification.pk,
        created_by=actor,
    )


def finish(verification: Verification, *, actor: Any, now: dt.datetime) -> None:
    """What was to be done is done."""
    for item in WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=verification.pk).select_for_update(of=("self",)):
        item.close(actor=actor, now=now)


def flag(verification: Verification, code: str, words: Sentence, *, actor: Any, now: dt.datetime, client: Client | None = None) -> Flag:
    """Raise what the verification found, on its client or another one, and link both."""
    of = client or verification.client
    with override("en"):
        note = str(words)
    made = raise_flag(
        client_id=of.pk, code=code, note=note, actor=actor, now=now, origin=Origin.CHECK, link=verification.get_absolute_url()
    )
    verification.flags.add(made)
    return made
