"""A frozen file as a PDF in the reader's language, set by the typesetter of the packs. What it says is what was frozen, nothing else."""

import datetime as dt
import json
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from credit.accountability import rules
from credit.accountability.choices import EntryKind
from credit.accountability.models import Compilation
from credit.accountability.parts import words_of_kinds
from credit.handoff.pdf import clean, set_pages
from credit.packs.catalogue import name_of
from credit.risk.choices import Ground, LoanClass


def make(frozen: Compilation, *, language: str, whole: bool) -> bytes:
    """The file in a language ("en", "zh-hant", "zh-hans"); with credit's own duties where `whole`. RuleBroken where it cannot be set."""
    with override(language):
        told = describe(frozen, whole=whole)
    return _set(json.dumps({**told, "language": language}))


@lru_cache(maxsize=4)
def _set(told: str) -> bytes:
    """What was set last is not set anew for the next reader."""
    return set_pages(json.loads(told))


def _day(text: str | None, zone: Any) -> str:
    return dt.datetime.fromisoformat(text).astimezone(zone).strftime("%Y-%m-%d %H:%M") if text else "—"


def describe(frozen: Compilation, *, whole: bool) -> dict[str, Any]:
    """What is set, in the language of the moment."""
    told, zone = frozen.told, frozen.file_of.client.centre.zone
    counted = rules.tally_of(told)
    compiled = dt.datetime.fromisoformat(told["compiled_at"]).astimezone(zone)
    head = [
        [_("Credit pack"), told["pack"]],
        [_("Customer number"), told["client"]["number"]],
        [_("Loan class"), str(LoanClass(told["loan_class"]).label)],
        [_("Duties since"), _day(told["since"], zone)],
        [pgettext("accountability", "Frozen"), _day(told["compiled_at"], zone)],
        [_("Began the loan"), told["originator"]["name"]],
        [_("Done on time / due"), f"{counted.on_time} / {counted.due}" + (f" = {counted.percent} %" if counted.due else "")],
    ]
    parts = [_people(told, zone), _duties(_("Duties"), told["duties"], zone)]
    if whole and told["credit_duties"]:
        parts.append(_duties(_("Credit’s own duties, not counted"), told["credit_duties"], zone))
    parts.append(_entries(told, zone))
    facilities = [[one["type"], name_of(one["type"]), one["currency"], f"{float(one['amount']):,.0f}"] for one in told["facilities"]]
    return clean(
        {
            "title": _("Accountability file"),
            "number": told["pack"],
            "names": [name for name in (told["client"]["name_en"], told["client"]["name_zh"]) if name],
            "head": head,
            "seal": frozen.sha256,
            "day": [compiled.year, compiled.month, compiled.day],
            "words": {"contents": _("Contents"), "facts": _("On record"), "empty": _("Nothing is written."), "draft": _("Draft")},
            "parts": parts,
            "papers": {"title": _("Facilities"), "head": [_("Code"), _("Facility"), _("Currency"), _("Amount")], "rows": facilities},
        }
    )


def _table(title: str, head: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {"title": title, "head": head, "rows": rows or [["—"] * len(head)]}


def _people(told: dict[str, Any], zone: Any) -> dict[str, Any]:
    people = [[one["name"], _day(one["from"], zone), _day(one["to"], zone)] for one in told["people"]]
    shares = [[name, f"{one.on_time} / {one.due}", f"{one.percent} %"] for name, one in rules.shares(told)]
    moves = [
        [
            _day(one["at"], zone),
            str(LoanClass(one["from"]).label) if one["from"] else "—",
            str(LoanClass(one["to"]).label),
            str(Ground(one["ground"]).label),
        ]
        for one in told["movements"]
    ]
    tables = [
        _table(_("Who looked after the client"), [_("Name"), _("From"), pgettext("class or day", "To")], people),
        _table(_("Duties by who held the client when they fell due"), [_("Name"), _("Done on time / due"), "%"], shares),
        _table(_("Classes"), [_("When"), _("From"), pgettext("class or day", "To"), _("Ground")], moves),
    ]
    return {"title": _("People and classes"), "kind": "tables", "lines": [], "tables": tables}


def _duties(title: str, duties: list[dict[str, Any]], zone: Any) -> dict[str, Any]:
    words = words_of_kinds()
    rows = [
        [
            str(words.get(one["kind"], one["kind"])),
            one["label"],
            _day(one["due_at"], zone),
            _day(one["done_at"], zone),
            str(rules.standing(dt.datetime.fromisoformat(one["due_at"]), rules.moment(one["done_at"])).label),
        ]
        for one in duties
    ]
    head = [_("Duty"), _("Of"), pgettext("duty", "Due"), _("Done"), _("Result")]
    return {"title": title, "kind": "tables", "lines": [], "tables": [_table(title, head, rows)]}


def _entries(told: dict[str, Any], zone: Any) -> dict[str, Any]:
    rows = [
        [
            str(EntryKind(one["kind"]).label),
            one["party"] or "—",
            _day(one["said_at"] or one["at"], zone),
            one["words"] + (f" ({one['paper']['name']}, SHA-256 {one['paper']['sha256'][:16]})" if one["paper"] else ""),
            one["by"],
        ]
        for one in told["entries"]
    ]
    head = [_("What"), _("From or to whom"), _("When"), _("Words"), _("Written by")]
    title = _("Instructions, objections, notes")
    return {"title": title, "kind": "tables", "lines": [], "tables": [_table(title, head, rows)]}
