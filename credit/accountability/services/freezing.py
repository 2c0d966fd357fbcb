"""A loan falls to class 3 or worse: its file is compiled as it stands then, hashed and frozen (domain 7.7)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.accountability import parts, rules, selectors
from credit.accountability.models import Compilation, DutyFile
from credit.handoff.canonical import canonical, digest
from credit.risk.models import Movement
from crm.notifications.services import notify
from crm.staff.choices import Role
from crm.staff.selectors import holders

FORMAT = "rapport-accountability-1"
FROZEN = "accountability_frozen"


def hear_class(*, movement: Movement, now: dt.datetime) -> None:
    """A class moved, in the transaction that moves it: where it is bad now, the client's files are frozen."""
    if movement.new_loan_class > selectors.WORST_ALLOWED:
        freeze(client_id=movement.standing.client_id, now=now)


@transaction.atomic
def freeze(*, client_id: int, now: dt.datetime) -> list[Compilation]:
    """Freeze the files of a client whose debt stands in class 3 or worse, once for each time that it fell there. Safe to run twice.

    For the night and the service that moves classes; no person calls it.
    """
    fall = selectors.fall_of(client_id)
    if fall is None:
        return []
    ids = list(DutyFile.objects.select_for_update(of=("self",)).filter(client_id=client_id).order_by("pk").values_list("pk", flat=True))
    made = []
    for file in DutyFile.objects.filter(pk__in=ids).select_related(*selectors.RELATED).order_by("pk"):
        last = selectors.last_frozen(file)
        if last is None or last.at < fall.at:
            made.append(_freeze(file, fall, now))
    return made


def _freeze(file: DutyFile, fall: Movement, now: dt.datetime) -> Compilation:
    told = content_of(file, fall, now)
    content = canonical(told)
    counted = rules.tally_of(told)
    made = Compilation.objects.create(
        file_of=file,
        movement=fall,
        loan_class=fall.standing.loan_class,
        content=content.decode("utf-8"),
        sha256=digest(content),
        due=counted.due,
        on_time=counted.on_time,
        score=counted.score,
        at=now,
    )
    line = _("The accountability file of %(pack)s is frozen: %(client)s") % {"pack": file.pack, "client": file.client}
    people = {file.client.owner_id, file.originator_id}
    for role in (Role.AUD, Role.CO):
        people.update(holders(role=role, unit_id=None, now=now))
    notify(kind=FROZEN, user_ids=people, key=f"{FROZEN}:{made.pk}", line=line, url=file.get_absolute_url(), now=now)
    return made


def _at(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat() if moment else None


def content_of(file: DutyFile, fall: Movement, now: dt.datetime) -> dict[str, Any]:
    """All that is frozen, as JSON values: moments in UTC, amounts as text, nothing in anybody's language but what people wrote."""
    duties = parts.gathered(selectors.scope_of(file, now))
    company = file.client.company
    return {
        "format": FORMAT,
        "pack": file.pack.number,
        "client": {"id": file.client_id, "number": file.client.number, "name_en": company.name_en, "name_zh": company.name_zh},
        "facilities": [
            {"type": one.type_code, "currency": one.currency, "amount": f"{one.amount:.2f}"} for one in selectors.facilities_of(file.pack)
        ],
        "since": _at(file.since),
        "compiled_at": _at(now),
        "loan_class": fall.standing.loan_class,
        "originator": {"username": file.originator.username, "name": file.originator.name},
        "people": [
            {"username": row.owner.username, "name": row.owner.name, "role": row.post.role, "from": _at(row.from_at), "to": _at(row.to_at)}
            for row in selectors.people_of(file.client.company_id)
        ],
        "movements": _movements(file),
        "duties": [_duty(one) for one in duties if not one.is_hushed],
        "credit_duties": [_duty(one) for one in duties if one.is_hushed],
        "entries": _entries(file),
    }


def _duty(one: parts.Duty) -> dict[str, Any]:
    return {"kind": one.kind, "label": one.label, "due_at": _at(one.due_at), "done_at": _at(one.done_at), "by": one.by_id, "url": one.url}


def _movements(file: DutyFile) -> list[dict[str, Any]]:
    rows = Movement.objects.filter(standing__client_id=file.client_id).select_related("standing").order_by("at", "pk")
    return [
        {
            "at": _at(row.at),
            "facility": row.standing.facility,
            "from": row.old_loan_class,
            "to": row.new_loan_class,
            "risk_from": row.old_risk_class,
            "risk_to": row.new_risk_class,
            "ground": row.ground,
        }
        for row in rows
    ]


def _entries(file: DutyFile) -> list[dict[str, Any]]:
    return [
        {
            "kind": row.kind,
            "at": _at(row.at),
            "by": row.actor.name if row.actor else "",
            "party": row.party,
            "said_at": _at(row.said_at),
            "words": row.words,
            "paper": {"name": row.file.name, "sha256": row.file.sha256} if row.file else None,
        }
        for row in file.entries.select_related("actor", "file").order_by("at", "pk")
    ]
