"""Fills in each form of the product as somebody may who is allowed to, so that tests can add to it what does not belong there."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from crm.staff.models import OrgUnit
from crm.web.views.operations import SUBMISSION, VERSION, FormPage
from tests.access import asking
from tests.access.features import RULES
from tests.access.hearing import VIEWS
from tests.access.world import PIXEL

WRITERS = (
    "rm",
    "head",
    "admin",
    "admin2",
    "compliance",
    "centre",
    "finance",
    "ops",
    "ho",
    "analyst",
    "co1",
    "chair",
    "cad",
    "cad2",
    "editor",
)
# Rows are chosen on the list, and posted from there.
DESK_ACTS = {f"clippings:{name}" for name in ("inbox_publish", "inbox_tag", "published_tag", "published_withdraw")}
ASKED_ON_LISTS = {"deals:deal_bulk_assign"} | DESK_ACTS
TABLE = b"Name,FY2024\nSales,5\nTotal assets,9\n"
KEY = "6f9619ff-8b86-4d01-b42d-00c04fc964ff"
# What the address of a form says besides, by the name of a record; and what nobody could guess.
ABOUT = (
    dict.fromkeys(
        (
            *("visits:visit_create", "visits:call_create", "visits:plan_create"),
            *("gifts:gift_create", "gifts:gift_declare", "hospitality:request_create", "packs:pack_create", "spreads:spread_begin"),
        ),
        "company={company}",
    )
    | {"deals:deal_move": "stage=S2", "concessions:concession_create": "company={company}&kind=CT6"}
    | dict.fromkeys(("flags:flag_raise", "verifications:verification_open"), "company={flagged}")
)
GIVEN: dict[str, dict[str, Any]] = {
    "web:savedview_create": {"list_name": "clients:client_list"},
    "policy:change_create": {"figure-RM": "130"},
    "policy:own_create": {"figure": "60"},
    "staff:user_create": {"username": "new.one", "password": "a-long-enough-word-7"},
    "staff:user_password": {"password": "a-long-enough-word-7"},
    "staff:system_create": {"username": "new.system"},
    "staff:change_create": {"role": "ADM", "grade": 0, "unit": "{head_office}"},
    "companies:company_create": {"name_en": "Blue Kiln Ceramics"},
    "companies:contact_create": {"name_en": "Ann Wong"},
    "companies:identifier_create": {"kind": "stock", "value": "1234.HK"},
    "companies:address_create": {"text_en": "1 Pier Road"},
    "clients:client_tier": {"tier": "B"},
    "directories:row_decide": {"because": "Another house"},
    "alerts:alert_create": {"query": "cotton yarn"},
    "deals:deal_create": {"name_en": "Blue Kiln Ceramics"},
    "clients:client_status": {"reason": "Quiet"},
    "clients:client_transfer": {"reason": "Balance of books"},
    "handovers:handover_begin": {"reason": "Moves to Shatin"},
    "gifts:gift_create": {"name": "Ann Wong"},
    "gifts:gift_declare": {"name": "Ann Wong", "value": "100.00", "category": "promotional"},
    "gifts:item_create": {"name_en": "Fan", "name_hant": "扇", "name_hans": "扇", "cost": "80.00"},
    "gifts:stock_move": {"quantity": 5},
    "hospitality:request_create": {"estimate": "300", "guest_1": "Ann Wong"},
    "hospitality:report_create": {"food": "300"},
    "hospitality:claim_verify": {"total": "600.00", "heads": 2},
    "concessions:concession_create": {"days": "2"},
    "spreads:period_enter": {"sales": "100"},
    "packs:facility_create": {"tenor_months": "12", "amount": "3000000"},
    "packs:party_create": {"role": "guarantor", "person_name": "Lee Ka Yan"},
    "packs:security_create": {"value": "3000000"},
    "checklists:waiver_decide": {"act": "approve"},
    "checklists:own_propose": {"code": "B02", "valid_days": 30},
    "accountability:entry_write": {"party": "Head", "said_at": "2026-01-05T10:00"},
    "risk:propose": {"grade": "3"},
    "risk:downgrade": {"loan_class": "3"},
    "surprises:check_in": {"away_reason": "The yard is at the back"},
    "surprises:premises": {"latitude": "22.312", "longitude": "114.225"},
    "surprises:cancel": {"reason": "Typhoon signal 8 is up"},
    "surprises:record": {**{f"point_{number}": "y" for number in range(1, 22)}, "result": "watch", "result_reason": "Quiet"},
    "decisions:decide": {"word": "approve", "judgement": "It pays"},
    "verifications:verification_open": {"amount": "5"},
    "verifications:contact_create": {"scac": "OOLU"},
    "verifications:note_ship": {"agrees": "yes"},
    "covenants:covenant_propose": {"metric": "pledge", "words": "No charge over the stock"},
    "payments:payment_ask": {"amount": "5", "contract_amount": "5"},
    "payments:list_bring": {"lines": ""},
    "decisions:put_motion": {"word": "approve", "judgement": "It pays"},
    "decisions:draw_letter": {"language": "en"},
}
# The world's list has one sheet, its group one company, its deal is open.
# A committee closes its vote with its members there, and limits go live when all is met: the tests of decisions do both.
# What approvals ask is their features', and is written by the acts of a pane.
UNFIT = {
    "directories:import_sheet",
    "companies:group_confirm",
    "deals:deal_reopen",
    "approvals:request_detail",
    "approvals:request_together",
    "decisions:close_motion",
    "accountability:close_vote",
    "decisions:go_live",
}
FORMS = tuple(name for name, view in VIEWS.items() if issubclass(view, FormPage) and RULES[name].who and name not in UNFIT | ASKED_ON_LISTS)


def writer(name: str) -> str:
    """Somebody who may do it."""
    return next(person for person in WRITERS if person in RULES[name].who)


def address(name: str, world: Any) -> str:
    """The form's address, with the record that it is about."""
    about = ABOUT.get(name, "").format(company=world.company.pk, flagged=world.flagged.company_id)
    return asking.address(name, RULES[name], world) + (f"?{about}" if about else "")


def typed(form: forms.BaseForm) -> tuple[dict[str, Any], dict[str, Any]]:
    """(data, files) as a person would send the form: what it holds already, else something that fits."""
    data, files = {}, {}
    for bound in form:
        value = bound.value()
        if isinstance(bound.field, forms.FileField):
            files[bound.html_name] = SimpleUploadedFile("list.csv", TABLE) if bound.name == "file" else SimpleUploadedFile("a.png", PIXEL)
        elif value in (None, "", []) and (value := _fitting(bound.name, bound.field)) is None:
            continue
        if bound.html_name not in files:
            data[bound.html_name] = bound.field.prepare_value(value) if not isinstance(value, list) else value
    for name, value in data.items():
        if isinstance(value, dt.datetime):
            data[name] = (value if timezone.is_naive(value) else timezone.localtime(value)).strftime("%Y-%m-%dT%H:%M")
    return {name: value for name, value in data.items() if value is not None and value is not False}, files


def _fitting(name: str, field: forms.Field) -> Any:
    if not field.required:
        return None
    if isinstance(field, forms.ModelChoiceField):
        return field.queryset.first().pk
    if isinstance(field, forms.ChoiceField):
        return [value for value, _label in field.choices if value][-1]
    if isinstance(field, forms.DateTimeField):
        return timezone.now() + dt.timedelta(days=1)
    if isinstance(field, forms.DateField):
        return timezone.localdate()
    return {forms.IntegerField: 0, forms.EmailField: "a@example.com"}.get(type(field), "Harbour")


@dataclass
class Filled:
    """A form as its writer would send it."""

    name: str
    url: str
    form: forms.BaseForm
    data: dict[str, Any]
    files: dict[str, Any]

    def send(self, by: Client, changes: Mapping[str, Any] = MappingProxyType({})) -> Any:
        """Post it, with changes."""
        for file in self.files.values():
            file.seek(0)
        return by.post(self.url, {**self.data, **self.files, **changes})


def filled(name: str, client: Client, world: Any) -> Filled:
    """The form of this address, filled in."""
    url = address(name, world)
    page = client.get(url)
    assert page.status_code == 200, f"{name}: {page.status_code}"
    form = page.context["form"]
    data, files = typed(form)
    known = {"head_office": OrgUnit.objects.get(kind="head_office").pk}
    given = {field: value.format(**known) if isinstance(value, str) else value for field, value in GIVEN.get(name, {}).items()}
    data |= given | {SUBMISSION: KEY}
    if page.context.get(VERSION) is not None:
        data[VERSION] = page.context[VERSION]
    return Filled(name, url, form, data, files)
