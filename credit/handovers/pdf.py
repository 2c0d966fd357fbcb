"""The list of a handover as a PDF in the reader's language, with who signed it; set by the typesetter of the packs."""

import datetime as dt
import json
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from credit.handoff.pdf import clean, set_pages
from credit.handovers import selectors
from credit.handovers.models import Handover
from credit.handovers.showing import shown


def make(handover: Handover, *, language: str) -> bytes:
    """The list as it stands, in a language ("en", "zh-hant", "zh-hans"). RuleBroken where it cannot be set."""
    with override(language):
        told = describe(handover)
    return _set(json.dumps({**told, "language": language}))


@lru_cache(maxsize=4)
def _set(told: str) -> bytes:
    """What was set last is not set anew for the next reader."""
    return set_pages(json.loads(told))


def _by(day: dt.date | None) -> str:
    return date_format(day) if day else "—"


def describe(handover: Handover) -> dict[str, Any]:
    """What is set, in the language of the moment."""
    told, zone = handover.told, handover.client.centre.zone
    listed = timezone.localtime(handover.listed_at, zone)
    people = told["people"]
    head = [
        [_("Customer number"), told["client"]["number"]],
        [_("Hands over"), people["out"]["name"]],
        [_("Takes over"), people["in"]["name"]],
        [_("Witness"), people["witness"]["name"]],
        [_("Why"), told["reason"]],
        [_("Standing"), str(handover.get_state_display())],
    ]
    columns = [_("What"), _("By"), _("Remark")]
    sections = [
        {
            "title": str(section.label),
            "kind": "tables",
            "lines": [],
            "tables": [{"title": "", "head": columns, "rows": [[row.label, _by(row.due_on), str(row.note)] for row in section.rows]}],
        }
        for section in shown(told)
        if section.rows
    ]
    signed = [
        [
            str(one.get_side_display()),
            one.actor.name if one.actor else "",
            timezone.localtime(one.at, zone).strftime("%Y-%m-%d %H:%M"),
            one.reason or "—",
        ]
        for one in selectors.signatures_of(handover)
    ]
    return clean(
        {
            "title": _("Handover of a client"),
            "number": handover.number,
            "names": [name for name in (told["client"]["name_en"], told["client"]["name_zh"]) if name],
            "head": head,
            "seal": handover.sha256,
            "day": [listed.year, listed.month, listed.day],
            "words": {"contents": _("Contents"), "facts": _("On record"), "empty": _("Nobody has signed yet."), "draft": _("Draft")},
            "parts": sections,
            "papers": {
                "title": _("Signatures"),
                "head": [pgettext("signature", "For"), _("Name"), _("When"), _("Why in another’s place")],
                "rows": signed,
            },
        }
    )
