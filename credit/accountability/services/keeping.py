"""Files opened by themselves, written into by people, and read: each reading is noted (invariant 39)."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.accountability import permissions, rules, selectors
from credit.accountability.models import DutyFile, Entry, Reading
from credit.accountability.services.freezing import freeze
from credit.packs.choices import LIVE, Act
from credit.packs.models import Pack, PackEvent
from credit.packs.rules import refuse
from crm.clients.models import Client
from crm.kernel.errors import RuleBroken
from crm.kernel.files import StoredFile
from crm.staff.choices import RELATIONSHIP_ROLES
from crm.visits.services import receive_file


@transaction.atomic
def open_file(*, pack_id: int, now: dt.datetime) -> DutyFile | None:
    """Open the file of a live pack; the one that is there. None for a pack that is not live, or of no client. For the system.

    Duties count from the moment on which the limits went live. Whoever submitted the pack first began the loan.
    """
    pack = Pack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    found: DutyFile | None = DutyFile.objects.filter(pack=pack).first()
    client = Client.objects.filter(company_id=pack.company_id).first()
    if found is not None or client is None or pack.state not in LIVE:
        return found
    first = {row.act: row for row in PackEvent.objects.filter(pack=pack, act__in=(Act.SUBMIT, Act.GO_LIVE)).order_by("-at", "-pk")}
    submitted, live = first.get(Act.SUBMIT), first.get(Act.GO_LIVE)
    originator = submitted.actor_id if submitted is not None and submitted.actor_id else pack.owner_id
    since = live.at if live is not None else pack.state_since
    made: DutyFile = DutyFile.objects.create(pack=pack, client=client, originator_id=originator, since=since, at=now)
    return made


def watch(*, now: dt.datetime) -> dict[str, int]:
    """Open the files of packs that went live, freeze those of loans that turned bad. Safe to run at any time, and twice."""
    opened = sum(open_file(pack_id=pk, now=now) is not None for pk in selectors.unopened())
    frozen = sum(len(freeze(client_id=pk, now=now)) for pk in selectors.unfrozen_clients())
    return {"opened": opened, "frozen": frozen}


@transaction.atomic
def write_entry(*, file_id: int, entry: rules.Written, paper_id: int | None = None, actor: Any, now: dt.datetime) -> Entry:
    """Write down an instruction received, an objection made in writing, or a note. Nobody changes or takes it away any more.

    DutyFile.DoesNotExist where hidden; NotAllowed for others than the client's manager and who began the loan; RuleBroken at its field.
    """
    pk = DutyFile.objects.visible_to(actor).select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=file_id)
    file = DutyFile.objects.select_related(*selectors.RELATED).get(pk=pk)
    permissions.can_write(user=actor, file=file).require()
    kept = rules.checked(entry, now=now)
    made: Entry = Entry.objects.create(
        file_of=file,
        kind=kept.kind,
        party=kept.party,
        said_at=kept.said_at,
        words=kept.words,
        file=_paper(paper_id, actor),
        at=now,
        actor=actor,
        post=actor.actor.post(*RELATIONSHIP_ROLES),
    )
    return made


def _paper(paper_id: int | None, actor: Any) -> StoredFile | None:
    if paper_id is None:
        return None
    paper = StoredFile.objects.filter(pk=paper_id, owner=actor).first()
    if paper is None:
        raise refuse("paper", _("Bring the file again."))
    return paper


def bring_paper(upload: UploadedFile, *, actor: Any, now: dt.datetime) -> StoredFile:
    """Check an upload and keep it, before the operation that names it. RuleBroken (field `paper`) for what it may not be."""
    try:
        return receive_file(upload, actor=actor, now=now)
    except RuleBroken as error:
        raise RuleBroken(error.message, code=error.code, fields={"paper": error.message}) from error


def note_reading(*, file_id: int, way: str, actor: Any, now: dt.datetime) -> Reading:
    """Somebody reads a file: kept for good. The caller has found it among those that the reader may see."""
    made: Reading = Reading.objects.create(file_of_id=file_id, way=way, at=now, actor=actor, post=actor.actor.post())
    return made
