"""What a write takes from a request: its own fields, and ids that the writer may see; nothing else (T1b, T5)."""

import datetime as dt
import re
from collections.abc import Collection
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from content.clippings import services as clippings
from content.clippings.choices import Class
from content.clippings.models import Clipping
from credit.reviews.models import Question
from crm.companies import services as companies
from crm.concessions import services as concessions
from crm.concessions.rules import Terms, Words
from crm.gifts.choices import GiftWork
from crm.kernel.worklist import WorkItem
from crm.papers import services as papers
from crm.papers.models import LetterTemplate
from crm.policy import services as policies
from crm.policy.rules import Proposal
from crm.staff.models import User
from crm.visits.services import receive_file
from crm.web.views.bulk import BulkOperationView
from tests.access import api_writes, hearing, lending, monitoring, systems, watching, writing
from tests.access.world import PIXEL
from tests.companies import making
from tests.credit.spreads import making as statements
from tests.crm.gifts import making as giving
from tests.crm.hospitality import making as hospitality
from tests.papers import making as templates
from tests.prospects.deals import making as dealing
from tests.test_architecture import own_models
from tests.visits import making as visits

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# What the frame of every form reads for itself, and a test of the toolkit covers.
FRAME = {"version", "submission", "next"}
OWN = {"deals:deal_move": {"stage"}}  # comes with the address, and back with the form
DRAWN = {"password", "digest", "hint", "salt", "seconds", "stretches"}  # of chance or the clock, anew each time
HOSTILE_DAY = "2001-02-03"
STARTED, MINUTES = timezone.now(), dt.timedelta(minutes=10)


def hostile(bank) -> dict[str, str]:
    """Every column of every model of ours, under its name and its id's, with a value that would do harm."""
    values = {"team": bank.far_team.pk, "centre": bank.far_centre.pk, "unit": bank.far_team.pk}
    found = {}
    for model in own_models():
        for field in model._meta.concrete_fields:
            value: Any = "HACKED"
            if field.is_relation:
                value = values.get(field.name, bank.outsider.pk)
            elif isinstance(field, models.BooleanField):
                value = "on"
            elif isinstance(field, models.DateField):
                value = HOSTILE_DAY
            elif isinstance(field, (models.IntegerField, models.DecimalField)):
                value = 77
            elif field.choices:
                value = list(field.choices)[-1][0]
            found |= {field.name: str(value), field.attname: str(value)}
    return found


def standing(tables: Collection[str] | None = None) -> dict[str, list[Any]]:
    """All rows of ours (or those of some tables), without the moments at which these were written."""
    kept = {}
    for model in own_models():
        if tables is not None and model._meta.db_table not in tables:
            continue
        rows = model._default_manager.order_by("pk").values()
        kept[model._meta.label] = [
            {name: value for name, value in row.items() if name not in DRAWN and not _is_of_today(value)} for row in rows
        ]
    return kept


def _is_of_today(value: Any) -> bool:
    """Since a little before this process began: the world may stand for as long."""
    return isinstance(value, dt.datetime) and STARTED - MINUTES < value < timezone.now() + MINUTES


class Written:
    """The tables that statements write to, as they pass. The database's own triggers only refuse, so that nothing else is written."""

    _WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)"?')
    _READS = re.compile(r"\s*(?:SELECT|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|PRAGMA|EXPLAIN) ")

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if written := self._WRITES.match(sql):
            self.tables.add(written.group(1))
        else:
            assert self._READS.match(sql), f"reads or writes: {sql}"
        return execute(sql, params, many, context)


def _after(send: Any, before: dict[str, Any]) -> tuple[int, Any]:
    """The status, and all rows as they stand after it: those of `before`, and of the tables that were written as they are now."""
    point, written = transaction.savepoint(), Written()
    try:
        with connection.execute_wrapper(written):
            status = send().status_code
        return status, before | standing(written.tables)
    finally:
        transaction.savepoint_rollback(point)


def test_no_form_takes_a_column_that_is_not_among_its_fields(bank, browsers, there):
    wrong, extra, before = [], hostile(bank), standing()
    for name in writing.FORMS:
        client = browsers[writing.writer(name)]
        form = writing.filled(name, client, there)
        more = {field: value for field, value in extra.items() if field not in {*form.form.fields, *FRAME, *OWN.get(name, ())}}
        with time_machine.travel(timezone.now(), tick=False):  # lists that are sealed hold the moment, and hashes hold them
            status, expected = _after(lambda form=form, client=client: form.send(client), before)
            if status != 302:
                wrong.append(f"{name}: {status} for what is filled in: {form.data}")
                continue
            again, found = _after(lambda form=form, client=client, more=more: form.send(client, more), before)
        changed = [label for label, rows in expected.items() if found[label] != rows and label != "kernel.Submission"]
        if again != 302 or changed:
            wrong.append(f"{name}: {again}, {changed}")
    assert not wrong, "\n".join(wrong)


def write(bank, method: str, path: str, who: str, body: Any, ids: dict[str, Any]) -> Any:
    """The API's answer."""
    return making.ask(bank.people[who], path.removeprefix("/api/v1/").format(**ids), body, method=method.upper())


def test_no_write_of_the_api_takes_a_column_that_is_not_among_its_fields(bank, there):
    """A body that names one is refused as a whole; a write without a body reads none."""
    wrong, extra, known = [], hostile(bank), api_writes.bodies(there)
    assert known.keys() == api_writes.WRITES - api_writes.OF_A_READY_PACK - api_writes.OF_FILES
    ids, before = {name: getattr(there, target).pk for name, target in hearing.IDS.items()}, standing()
    for (method, path), (who, body) in known.items():
        more = {name: value for name, value in extra.items() if name not in _columns_of(method, path)}
        with time_machine.travel(timezone.now(), tick=False):  # as above
            status, expected = _after(lambda m=method, p=path, w=who, b=body: write(bank, m, p, w, b, ids), before)
            again, found = _after(lambda m=method, p=path, w=who, b=body, more=more: write(bank, m, p, w, b | more, ids), before)
        refused = "requestBody" in api_writes.SCHEMA["paths"][path][method]
        stays = {label: rows for label, rows in before.items() if label != "staff.ApiToken"}  # Each question comes with a token of its own.
        changed = [label for label, rows in (stays if refused else expected).items() if found[label] != rows]
        if status not in {200, 201} or again != (422 if refused else status) or changed:
            wrong.append(f"{method} {path}: {status}, then {again}, {changed}")
    assert not wrong, "\n".join(wrong)


def _columns_of(method: str, path: str) -> set[str]:
    asked = api_writes.SCHEMA["paths"][path][method].get("requestBody")
    if not asked:
        return set()
    name = asked["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return set(api_writes.SCHEMA["components"]["schemas"][name]["properties"])


@pytest.fixture
def far(bank):
    """What `rm` does not see: records of the other centre, and of the own team's colleague."""
    client = making.client_of(bank, "Futian Optics Limited", by="outsider")
    gone = bank.people["arm"]
    gone.is_active = False
    gone.save()
    event = hospitality.ask(bank.outsider, client.company, 300, now=timezone.now(), at=timezone.now() + dt.timedelta(days=2))
    # Before anything stands to be decided about the client, which makes gifts sensitive.
    given = _gifts_far_away(bank, client.company)
    pack = lending.making.pack(bank, client.company, by="outsider", now=timezone.now())
    order = concessions.Order(Terms("CT6", days=Decimal(2)), Words("Late papers", sunset_on=timezone.localdate() + dt.timedelta(days=90)))
    asked = concessions.request_concession(actor=bank.outsider, now=timezone.now(), company_id=client.company_id, order=order)
    return SimpleNamespace(
        **dict.fromkeys(("event", "draft", "asked", "held", "reported", "over", "expired"), event),
        **dict.fromkeys(("extra", "claimed", "posted", "batch"), SimpleNamespace(pk=10**6)),
        **monitoring.far(bank, client),
        guest=event.guests.first(),
        photo=receive_file(SimpleUploadedFile("far.png", PIXEL), actor=bank.outsider, now=timezone.now()),
        client=client,
        company=client.company,
        contact=making.contact(bank, client.company, "Far Person", by="outsider"),
        group=companies.form_group(company_id=client.company_id, name_en="Far Group", name_zh="", actor=bank.outsider, now=timezone.now()),
        spread=statements.spread(bank, client.company, by="outsider"),
        visit=visits.plan(bank.outsider, client.company, at=timezone.now() + dt.timedelta(days=1), now=timezone.now()),
        deal=dealing.prospect(bank.outsider, "Luohu Precision"),
        clipping=_deal_clipping(bank),
        letter=templates.letter(bank.outsider, client.company, templates.template(bank.editor, "far")),
        template=_draft_template(bank),
        concession=asked,
        granted=asked,
        returned=asked,
        user=gone,
        figure_change=_change_of_another_centre(bank),
        policy=SimpleNamespace(pk="test.nowhere"),
        **given,
        **dict.fromkeys(("pack", "pack_in_review", "pack_up", "pack_asked"), pack),
        version=pack.versions.get(),
        **dict.fromkeys(("sealed_document", "facility_letter"), SimpleNamespace(pk=10**6)),
        **systems.hook(User.objects.create(username="far-system", is_service=True), pack.events.first(), timezone.now()),
        pack_company=client.company,
        **dict.fromkeys(("question", "question_answered"), _question_nobody_sees(bank, pack)),
        paper=pack.versions.get().papers.first(),
        **watching.build(bank, timezone.now(), client, by="outsider"),
    )


def _question_nobody_sees(bank, pack):
    """Of a draft, which the credit department has not."""
    told = {"topic": "cash", "severity": "info", "text": "Far away?", "asked_by": bank.analyst}
    return Question.objects.create(pack=pack, asked_of=pack.versions.get(), number=1, **told)


def _gifts_far_away(bank, company):
    """Of the other centre: what it keeps in stock, a gift that waits, and one to issue."""
    item = giving.item(bank, name="Fan", centre="far_centre")
    person = making.contact(bank, company, "Far Receiver", by="outsider")
    told = {"on": timezone.localdate() + dt.timedelta(days=1), "now": timezone.now(), "by": "outsider"}
    waits, approved = (giving.ask(bank, person, item, **told) for _ in range(2))
    far_gift = giving.approve(bank, approved, by="outhead", now=timezone.now())
    asked = WorkItem.objects.open().get(kind=GiftWork.DECIDE, subject_id=waits.pk)
    return {"gift_item": item, "gift": waits, "gift_approved": far_gift, "gift_issued": far_gift, "gift_received": waits, "approval": asked}


def _change_of_another_centre(bank):
    terms = Proposal("deals.lead_cap", {"RM": 50}, timezone.localdate(), "Too many", person_id=bank.outsider.pk)
    return policies.propose_change(actor=bank.outhead, now=timezone.now(), proposal=terms)


def _draft_template(bank):
    """A template that editors still work on: nobody writes a letter from it."""
    values = templates.values(subject_en="Not ready")
    held = papers.keep_template(code="draft", values=values, actor=bank.editor, now=timezone.now())
    LetterTemplate.objects.filter(pk=held.pk).update(live=False)
    return held


def _deal_clipping(bank):
    source = clippings.source_named("Far paper", actor=None, now=timezone.now())
    draft = clippings.Draft("A placing far away", "", timezone.now())
    return clippings.add_clippings(source_id=source.pk, drafts=[draft], klass="D", actor=bank.outsider, now=timezone.now()).rows[0]


FAR_IDS = {
    "company_id": "company",
    "client_id": "client",
    "contact_id": "contact",
    "colleague_ids": "user",
    "copy_to_ids": "user",
    "decision_maker": "contact",
    "owner_id": "user",
    "item_id": "gift_item",
    "person_id": "user",
    "visit_id": "visit",
    "came": "guest",
    "renews_id": "concession",
    "directory_contact_id": "check_contact",
    "incoming_id": "user",
    "witness_id": "user",
    "file_id": "photo",
}


def test_no_write_of_the_api_takes_the_id_of_a_record_that_the_writer_may_not_use(bank, there, far):
    wrong, tried = [], set()
    ids = {name: getattr(there, target).pk for name, target in hearing.IDS.items()}
    foreign = {name: getattr(far, target).pk for name, target in hearing.IDS.items()}
    before = standing()
    for (method, path), (who, body) in api_writes.bodies(there).items():
        attempts = [("path", body, foreign)] if "{" in path else []
        for way in api_writes.named_ids(method, path):
            name = next(part for part in reversed(way) if part != "[]")
            attempts.append((name, api_writes.put(body, way, getattr(far, FAR_IDS[name]).pk), ids))
        for name, sent, where in attempts:
            tried.add(name)
            status, after = _after(lambda m=method, p=path, w=who, s=sent, i=where: write(bank, m, p, w, s, i), before)
            if not 400 <= status < 500 or (name == "path" and status != _hidden(path)) or _without_tokens(after) != _without_tokens(before):
                wrong.append(f"{method} {path} with {name} {sent}: {status}")
    assert not wrong, "\n".join(wrong)
    assert tried == {"path", *FAR_IDS}


def _hidden(path: str) -> int:
    """A company is in the directory for all who write; the rest of another's is not there."""
    return 403 if "{company_id}" in path else 404


def _without_tokens(rows: dict[str, Any]) -> dict[str, Any]:
    return {label: kept for label, kept in rows.items() if label != "staff.ApiToken"}


# Fields that offer ids as plain choices, and whose ids must be refused in them; the numbers of others mean themselves.
OFFERED = {
    "deputy": "user",
    "known": "contact",
    "officials": "contact",
    "came": "guest",
    "met": "contact",
    "where": "address",
    "company": "company",
    "unit_id": "unit",
    "items": "paper",
    "analyst": "user",
    "directory_contact": "check_contact",
}
MEAN_THEMSELVES = {"loan_class", "frequency", "mood", "is_met", "day_first", "grade", "unit", "own_unit"}
# Everybody who may open these sees all that they offer: units are known to all, a leaver's posts have ended.
ALL_ARE_SEEN = {"unit", "parent", "centre"}


def _foreign(field: Any, name: str, far: Any, bank: Any) -> Any:
    """An id that this field must refuse; None where the field names no record."""
    if isinstance(field, forms.ModelChoiceField):
        return next(
            iter(field.queryset.model._default_manager.exclude(pk__in=field.queryset.values("pk")).values_list("pk", flat=True)), None
        )
    values = [str(value) for value, _label in getattr(field, "choices", ()) if re.fullmatch(r"(\w+:)?\d+", str(value))]
    if isinstance(field, forms.ChoiceField) and (values or name in OFFERED) and name.rstrip("_0123456789") not in MEAN_THEMSELVES:
        target = {"unit": bank.far_team, "address": None}.get(OFFERED[name], getattr(far, OFFERED[name], None))
        return f"address:{target.pk if target else 10**6}" if name == "where" else target.pk
    return None


def test_no_form_takes_the_id_of_a_record_that_the_writer_may_not_use(bank, browsers, there, far):
    wrong, tried = [], set()
    before = standing()
    for name in writing.FORMS:
        client = browsers[writing.writer(name)]
        form = writing.filled(name, client, there)
        for field_name, field in form.form.fields.items():
            foreign = _foreign(field, field_name, far, bank)
            if foreign is None:
                assert not isinstance(field, forms.ModelChoiceField) or field_name in ALL_ARE_SEEN, (
                    f"{name}: nothing to try {field_name} with"
                )
                continue
            tried.add(field_name)
            status, after = _after(lambda form=form, c=client, f=field_name, v=foreign: form.send(c, {f: v}), before)
            if status == 302 or after != before:
                wrong.append(f"{name} takes {field_name} {foreign}: {status}")
    assert not wrong, "\n".join(wrong)
    assert tried >= {
        "assignee",
        "met",
        "where",
        "unit_id",
        "group",
        "colleagues",
        "next_step_owner",
        "decision_maker",
        "owner",
        "ends",
        "company",
        "template",
        "contact",
        "item",
    }


def test_no_bulk_act_touches_a_row_that_is_hidden_from_its_writer(browsers, there, far):
    assert {name for name, view in hearing.VIEWS.items() if issubclass(view, BulkOperationView)} == writing.ASKED_ON_LISTS
    head, url = browsers["head"], reverse("deals:deal_bulk_assign")
    owner = head.post(url, {"selected": [there.deal.pk]}).context["form"].fields["owner"].queryset.exclude(pk=there.deal.owner_id).first()
    sent = {"owner": owner.pk, "reason": "Sector", "submission": writing.KEY}
    before = standing()
    for chosen in ({"selected": [far.deal.pk]}, {"selected": [far.deal.pk, 10**9]}, {"all": "1", "query": f"q={far.deal.company.name_en}"}):
        status, after = _after(lambda chosen=chosen: head.post(url, sent | chosen), before)
        assert (status, after) == (422, before), chosen
    status, after = _after(lambda: head.post(url, sent | {"selected": [far.deal.pk, there.deal.pk]}), before)
    owners = {row["id"]: row["owner_id"] for row in after["deals.Deal"]}
    assert (status, owners) == (200, {there.deal.pk: owner.pk, far.deal.pk: far.deal.owner_id})
    deal = Clipping.objects.filter(klass=Class.DEAL).first()
    tags = {"event": "plant", "klass": "P", "language": "", "submission": writing.KEY}
    for name in sorted(writing.DESK_ACTS):
        status, after = _after(lambda name=name: browsers["editor"].post(reverse(name), tags | {"selected": [deal.pk]}), before)
        assert (status, after["clippings.Clipping"]) == (422, before["clippings.Clipping"]), name
