"""Ids that no database holds, in every address of the API: nothing of ours breaks on them."""

import re

import pytest
from django.test import Client

from crm.staff.services import create_token
from crm.web.api import api

pytestmark = pytest.mark.django_db
TOO_LARGE = 10**30
WITH_IDS = sorted(
    (method, path) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods if re.search(r"{\w+_id}", path)
)


def test_an_id_that_no_database_holds_is_not_found_or_refused(bank):
    wrong = []
    for name in ("rm", "head", "analyst", "auditor"):
        headers = {"Authorization": f"Bearer {create_token(user=bank.people[name], scopes=['read', 'write'])}"}
        client = Client(raise_request_exception=False)
        for method, path in WITH_IDS:
            response = client.generic(
                method.upper(), re.sub(r"{\w+}", str(TOO_LARGE), path), "{}", content_type="application/json", headers=headers
            )
            if response.status_code not in (403, 404, 409, 422):
                wrong.append(f"{method} {path} as {name}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
