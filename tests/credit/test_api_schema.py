"""Schemathesis over the credit API in every role: no error of ours, no broken schema, nothing of a pack that is hidden (T26, short form)."""

import pytest

from crm.staff.choices import Role
from tests.cast import PEOPLE
from tests.credit import fuzzing

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("still")]
EXAMPLES = 4


def test_every_role_is_asked():
    assert {PEOPLE[name][0] for name in fuzzing.ROLES} | {Role.SYS, Role.SRM, Role.RM} == set(Role)


@pytest.mark.parametrize("name", [*fuzzing.ROLES, "system", "far_system"])
def test_the_credit_api_breaks_for_nobody_and_tells_nobody_what_is_hidden(bank, settings, name):
    settings.WEBHOOK_HOSTS = ["credit.example.com"]
    systems = fuzzing.build(bank)
    found = fuzzing.run(bank, systems[name] if name in systems else bank.people[name], examples=EXAMPLES)
    assert found.cases > 100
    assert found.errors == []
    assert found.breaks == []
    assert found.leaks == []
