"""The OpenAPI of the credit department: every operation has a summary, a description and examples, and these fit their schemas."""

import jsonschema_rs
import pytest

from crm.web.api import api

api.urls  # noqa: B018 - mounts the routers
SCHEMA = api.get_openapi_schema()
PREFIXES = ("/api/v1/credit/", "/api/v1/credit-decisions/", "/api/v1/packs", "/api/v1/exposure/")
OPERATIONS = {
    f"{method} {path}": operation
    for path, methods in SCHEMA["paths"].items()
    if path.startswith(PREFIXES)
    for method, operation in methods.items()
}


def examples(told):
    """The examples of a body or an answer: its own, or those of its schema."""
    schema = told["schema"]
    if "$ref" in schema:
        schema = SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    found = [told["example"]] if "example" in told else [entry["value"] for entry in told.get("examples", {}).values()]
    return [*found, schema["example"]] if "example" in schema else found


def fits(value, schema):
    whole = {"components": SCHEMA["components"]} | schema
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(value)


def test_the_credit_api_is_what_is_looked_at():
    assert len(OPERATIONS) > 25


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_it_does_with_examples_that_fit(name):
    operation = OPERATIONS[name]
    assert len(operation["summary"]) > 5
    assert len(operation["description"]) > 20
    bodies = [operation["requestBody"]["content"]["application/json"]] if "requestBody" in operation else []
    answers = [told for status, answer in operation["responses"].items() for told in answer.get("content", {}).values()]
    assert any(str(status).startswith("2") for status in operation["responses"])
    for told in (*bodies, *answers):
        found = examples(told)
        assert found, f"no example: {told}"
        for value in found:
            fits(value, told["schema"])


@pytest.mark.parametrize("name", [name for name in OPERATIONS if not name.startswith("get ")])
def test_every_write_takes_an_idempotency_key_and_every_list_a_cursor(name):
    assert "Idempotency-Key" in [parameter["name"] for parameter in OPERATIONS[name]["parameters"]]
