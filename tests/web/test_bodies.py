"""What the API takes: no unknown field, no id that no database holds, no day outside the calendar; and the sentences of refusals."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, get_args

import pytest
from django.utils import translation
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from crm.web.api import api
from crm.web.bodies import Body, Day, Moment, RecordId, sentences

OWN_CHECK = {"limit", "quantity", "months"}
"""Numbers that a rule of their own bounds, in its own words."""


class Part(Body):
    text: str


class Whole(Body):
    ids: list[RecordId] = []
    on: Day | None = None
    at: Moment | None = None
    part: Part | None = None
    size: int = Field(1, ge=1, le=5)


def _inside(annotation: Any, metadata: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """The plain types of an annotation, each with what is said of it."""
    parts = get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        yield from _inside(annotation.__origin__, (*metadata, *annotation.__metadata__))
    elif parts:
        for part in parts:
            yield from _inside(part)
    else:
        yield annotation, metadata


def _fields(model: type[BaseModel], path: str) -> Iterator[tuple[str, type[BaseModel], Any, tuple[Any, ...]]]:
    for name, field in model.model_fields.items():
        for kind, metadata in _inside(field.annotation, tuple(field.metadata)):
            yield f"{path} {name}", model, kind, metadata
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from _fields(kind, f"{path} {name}")


def _taken(*sources: str) -> list[tuple[str, type[BaseModel], Any, tuple[Any, ...]]]:
    found = []
    assert api.urls
    for operation in api.operations():
        for model in operation.models:
            if model.__ninja_param_source__ in sources:
                found += list(_fields(model, f"{operation.methods[0]} {operation.view_func.__module__} {operation.path}"))
    assert len(found) > 50
    return found


def test_no_body_takes_a_field_that_nobody_asked_for():
    open_ones = {
        kind.__name__
        for _, _, kind, _ in _taken("body")
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.model_config.get("extra") != "forbid"
    }
    assert open_ones == set()


def test_every_whole_number_that_the_api_takes_is_bounded():
    unbounded = {
        path
        for path, _, kind, metadata in _taken("body", "query", "form")
        if kind is int and path.split()[-1] not in OWN_CHECK and not _bound(metadata)
    }
    assert unbounded == set()


def _bound(metadata: tuple[Any, ...]) -> bool:
    told = TypeAdapter(Annotated[(int, *metadata)] if metadata else int).json_schema()
    return "maximum" in told or "exclusiveMaximum" in told


def test_every_day_and_moment_that_the_api_takes_is_within_the_calendar():
    known = {id(part) for kind in (Day, Moment) for part in kind.__metadata__}
    loose = {
        path
        for path, _, kind, metadata in _taken("body", "query")
        if isinstance(kind, type) and issubclass(kind, dt.date) and not {id(part) for part in metadata} & known
    }
    assert loose == set()


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"nonsense": 1}, "nonsense", "There is no such field."),
        ({"part": {"text": "x", "more": 1}}, "part.more", "There is no such field."),
        ({"part": {}}, "part.text", "This field is needed."),
        ({"part": {"text": 5}}, "part.text", "Write this as text."),
        ({"ids": [10**30]}, "ids.0", "9223372036854775807 or less."),
        ({"ids": ["x"]}, "ids.0", "Write a whole number."),
        ({"size": 9}, "size", "5 or less."),
        ({"on": 1700000000}, "on", "Write a day or time by ISO 8601, such as 2026-03-31 or 2026-03-31T15:00:00+08:00."),
        ({"on": "2026-02-31"}, "on", "Write a day by ISO 8601, such as 2026-03-31."),
        ({"on": "0001-01-01"}, "on", "This day is not in our calendar."),
        ({"at": "1700000000"}, "at", "Write a day or time by ISO 8601, such as 2026-03-31 or 2026-03-31T15:00:00+08:00."),
        ({"at": "2026-03-31T15:00:00"}, "at", "Write the time with its zone, such as 2026-03-31T15:00:00+08:00."),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at", "This day is not in our calendar."),
        ({"at": "9999-12-31T23:59:59-12:00"}, "at", "This day is not in our calendar."),
    ],
)
def test_each_slip_has_its_sentence(sent, field, words):
    assert _said(sent) == {field: words}


def test_what_has_no_sentence_of_its_own_has_one_all_the_same():
    assert sentences([{"type": "frozen_set_type", "loc": ("body", "body", "x"), "msg": "Input should be a frozen set"}]) == {
        "x": "This value cannot be read."
    }


@pytest.mark.parametrize("language", ["zh-hant", "zh-hans"])
def test_sentences_come_in_the_readers_language(language):
    with translation.override(language):
        assert not _said({"on": "0001-01-01"})["on"].isascii()


def _said(sent: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(sent)
    return sentences([{**entry, "loc": ("body", "body", *entry["loc"])} for entry in caught.value.errors()])
