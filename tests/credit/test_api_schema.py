"""Schemathesis over the credit API in every role: no error of ours, no broken schema, nothing that is hidden (T26, short form)."""

import pytest

from credit.handoff import api as handoff_api
from credit.packs import api as packs_api
from credit.packs.api import serialise
from credit.packs.models import Pack
from crm.staff.choices import Role
from tests.cast import PEOPLE
from tests.credit import fuzzing

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("still")]
EXAMPLES = 4
READS = {"rm", "head", "centre", "ho", "outsider", "analyst", "co1", "chair", "compliance", "auditor", "system", "far_system"}


def test_every_role_is_asked():
    assert {PEOPLE[name][0] for name in fuzzing.ROLES} | {Role.SYS, Role.SRM, Role.RM, Role.HR} == set(Role)


@pytest.mark.parametrize("name", [*fuzzing.ROLES, "system", "far_system"])
def test_the_credit_api_breaks_for_nobody_and_tells_nobody_what_is_hidden(bank, settings, name):
    settings.WEBHOOK_HOSTS = ["credit.example.com"]
    systems = fuzzing.build(bank)
    found = fuzzing.run(bank, systems[name] if name in systems else bank.people[name], examples=EXAMPLES)
    assert found.cases > 100
    assert found.errors == []
    assert found.breaks == []
    assert found.leaks == []
    assert found.statuses[200] > 0 or name not in READS


def test_a_planted_leak_and_a_planted_break_are_found(bank, monkeypatch):
    systems = fuzzing.build(bank)

    def all_packs(request):
        return Pack.objects.all().select_related("company", "owner")

    def no_number(pack):
        return {name: value for name, value in serialise(pack).items() if name != "number"}

    monkeypatch.setattr(packs_api, "_visible", all_packs)
    monkeypatch.setattr(handoff_api, "pack_row", no_number)
    found = fuzzing.run(bank, systems["far_system"], examples=2)
    assert any("GET /api/v1/packs" in line for line in found.leaks)
    assert any("GET /api/v1/credit/packs" in line for line in found.errors), "an answer that lacks a field"
