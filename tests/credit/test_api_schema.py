"""Schemathesis over the credit API in every role: no error of ours, no broken schema, nothing that is hidden (T26, short form)."""

import copy

import pytest
import time_machine

from credit.handoff import api as handoff_api
from credit.packs import api as packs_api
from credit.packs.api import serialise
from credit.packs.models import Pack
from crm.staff.choices import Role
from tests.cast import NOW, PEOPLE
from tests.credit import fuzzing
from tests.standing import bank_that_stands

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("still")]
EXAMPLES = 4
READS = {"rm", "head", "centre", "ho", "outsider", "analyst", "co1", "chair", "compliance", "auditor", "system", "far_system"}


def test_every_role_is_asked():
    assert {PEOPLE[name][0] for name in fuzzing.ROLES} | {Role.SYS, Role.SRM, Role.RM, Role.HR} == set(Role)


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    """The bank with its packs, and the systems."""
    with bank_that_stands(django_db_blocker) as bank:
        with time_machine.travel(NOW, tick=False):
            systems = fuzzing.build(bank)
        yield bank, systems


@pytest.fixture
def made(db, standing):
    return copy.deepcopy(standing)


def test_the_credit_api_breaks_for_nobody_and_tells_nobody_what_is_hidden(made, settings):
    settings.WEBHOOK_HOSTS = ["credit.example.com"]
    bank, systems = made
    users = {name: bank.people[name] for name in fuzzing.ROLES} | systems
    told = dict(zip(users, fuzzing.run_together(list(users.values()), examples=EXAMPLES), strict=True))
    assert {name: found.cases for name, found in told.items() if found.cases <= 100} == {}
    assert {name: found.errors for name, found in told.items() if found.errors} == {}
    assert {name: found.breaks for name, found in told.items() if found.breaks} == {}
    assert {name: found.leaks for name, found in told.items() if found.leaks} == {}
    assert {name for name, found in told.items() if found.statuses[200] > 0} >= READS


def test_a_planted_leak_and_a_planted_break_are_found(made, monkeypatch):
    bank, systems = made

    def all_packs(request):
        return Pack.objects.all().select_related("company", "owner")

    def no_number(pack):
        return {name: value for name, value in serialise(pack).items() if name != "number"}

    monkeypatch.setattr(packs_api, "_visible", all_packs)
    monkeypatch.setattr(handoff_api, "pack_row", no_number)
    found = fuzzing.run(bank, systems["far_system"], examples=2)
    assert any("GET /api/v1/packs" in line for line in found.leaks)
    assert any("GET /api/v1/credit/packs" in line for line in found.errors), "an answer that lacks a field"
