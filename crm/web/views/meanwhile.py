"""Two people, or two tabs, with the same form: what each of them touched, and what becomes of it.

A form goes out with a digest of every value that it holds (`opened`). When it comes back from an older version, a field whose value is
still the one that it went out with was not touched here and takes what stands now; one that both changed is shown in both versions.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

OPENED = "opened"
_LONGEST, _DIGITS = 20_000, 12


def sent_back(bound: forms.BoundField) -> list[str]:
    """What a browser sends of a field that nobody touches."""
    widget: Any = bound.field.widget
    value = bound.value()
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(value) else []
    shown = widget.format_value(value)
    items = shown if isinstance(shown, list | tuple) else [shown]
    return [str(item).replace("\r\n", "\n") for item in items if item not in (None, "")]


def digests(form: forms.BaseForm) -> str:
    """What a form holds, field by field, as it goes out with it."""
    return json.dumps({bound.name: _digest(bound) for bound in _fields(form)}, separators=(",", ":"))


def read(sent: str) -> Mapping[str, str]:
    """The digests that came back; empty for none and for what is none, so that all counts as touched."""
    try:
        found = json.loads(sent) if len(sent) < _LONGEST else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Merged:
    """What a stale form becomes: its values where they were touched, else those that stand; and which fields both changed."""

    data: QueryDict
    both: frozenset[str]
    theirs: bool


def merge(
    typed: forms.BaseForm, standing: forms.BaseForm, opened: Mapping[str, str], *, of_the_act: Collection[str] = frozenset()
) -> Merged:
    """`typed` as it was sent, `standing` as the record stands now, `opened` the digests that the form went out with.

    Fields `of_the_act` are none of the record's and stay as they were sent.
    """
    data, both, theirs = QueryDict(mutable=True), set(), False
    source: Any = typed.data
    for name in source:
        data.setlist(name, source.getlist(name))
    for bound in _fields(standing):
        name, before = bound.name, opened.get(bound.name)
        if name not in typed.fields or name in of_the_act:
            continue
        mine, now = _digest(typed[name]), _digest(bound)
        theirs = theirs or (before is not None and now != before)
        if mine == before:
            _put(data, bound)
        elif now not in (before, mine):
            both.add(name)
    return Merged(data, frozenset(both), theirs)


def _put(data: QueryDict, bound: forms.BoundField) -> None:
    values = sent_back(bound)
    if values:
        data.setlist(bound.html_name, values)
    else:
        data.pop(bound.html_name, None)


def _fields(form: forms.BaseForm) -> Iterator[forms.BoundField]:
    """Those that a browser sends back: of a file it sends nothing that one could compare."""
    return (bound for bound in form if not bound.field.widget.needs_multipart_form)


def _digest(bound: forms.BoundField) -> str:
    return hashlib.sha256(json.dumps(sorted(sent_back(bound))).encode()).hexdigest()[:_DIGITS]
