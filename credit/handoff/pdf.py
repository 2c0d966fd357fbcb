"""A whole pack as one PDF: set by typst in a process of its own, which knows neither database nor network.

What the pack says goes there as JSON and is set as plain strings; nothing of it is read as markup. Contents with page numbers,
bookmarks, embedded typefaces, the seal at the foot of each page.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from credit.checklists.book import called
from credit.checklists.choices import ItemState
from credit.handoff.models import Seal
from credit.handoff.sealing import contents_of, documents_of
from credit.memos import accounts
from credit.memos.catalogue import section_kinds
from credit.memos.rich import Block, blocks
from credit.packs.catalogue import name_of
from credit.packs.choices import ClientType, PartyRole, SecurityKind
from credit.packs.comparing import flat
from credit.packs.models import PackVersion
from credit.packs.parts import PackPart
from crm.kernel.confined import Ended, run
from crm.kernel.contributions import of
from crm.kernel.errors import RuleBroken
from crm.kernel.text import strip_controls

_SECONDS = 120
_ROOT = Path(__file__).resolve().parents[2]


def make(version: PackVersion, *, language: str, seal: Seal | None = None) -> bytes:
    """The version in a language ("en", "zh-hant", "zh-hans"): as sealed where it has a seal, else as the draft stands. RuleBroken where
    it cannot be set.
    """
    with override(language):
        told = describe(version, seal)
    return set_pages({**told, "language": language})


def set_pages(told: dict[str, Any]) -> bytes:
    """The PDF of what `describe` gives. RuleBroken where the typesetter ends without one."""
    with tempfile.TemporaryDirectory(prefix="rapport-pack-") as name:
        folder = Path(name)
        (folder / "pack.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        try:
            run("credit.handoff.typesetter", [name], root=_ROOT, seconds=_SECONDS, environment={"RAYON_NUM_THREADS": "1", "HOME": name})
        except Ended as ended:
            raise RuleBroken(_("This pack cannot be made a PDF."), code=ended.code) from ended
        return (folder / "pack.pdf").read_bytes()


def describe(version: PackVersion, seal: Seal | None) -> dict[str, Any]:
    """What is set, in the language of the moment: head, parts, papers."""
    pack = version.pack
    contents = seal.parts if seal else contents_of(version)
    told = seal.told if seal else {}
    documents = (
        [[row["code"], row["title"], str(row["size"]), row["sha256"][:16]] for row in told["documents"]]
        if seal
        else [[row.code, str(row.title), str(row.file.size), row.file.sha256[:16]] for _name, row in documents_of(version)]
    )
    labels = {part.code: str(part.label) for part in of(PackPart)}
    parts = []
    for code in sorted(contents, key=lambda code: list(labels).index(code) if code in labels else len(labels)):
        draw = {"request": _request, "application": _application, "papers": _papers, "accounts": _accounts}.get(code, _other)
        parts.append({"title": labels.get(code, code), **draw(contents[code])})
    names = [told["company"]["name_en"], told["company"]["name_zh"]] if seal else [pack.company.name_en, pack.company.name_zh]
    total = told.get("requested", f"{pack.requested:.2f}")
    head = [
        [_("Version"), str(version.number)],
        [_("Who writes"), str(pack.get_authorship_display())],
        [_("Request"), str(pack.get_kind_display())],
        [pgettext("amount", "Asked for"), f"{pack.currency} {float(total):,.2f}"],
        [_("Relationship manager"), pack.owner.name],
        [_("Sealed"), told.get("sealed_at", "")[:16].replace("T", " ") + " UTC" if seal else _("Draft, not sealed")],
    ]
    return clean(
        {
            "title": _("Credit application"),
            "number": pack.number,
            "names": [name for name in names if name],
            "head": head,
            "seal": seal.hash if seal else "",
            "day": [version.opened_at.year, version.opened_at.month, version.opened_at.day],
            "words": {"contents": _("Contents"), "facts": _("On record"), "empty": _("Nothing is written."), "draft": _("Draft")},
            "parts": parts,
            "papers": {"title": _("Documents"), "head": [_("Code"), _("Title"), _("Bytes"), "SHA-256"], "rows": documents},
        }
    )


def clean(value: Any) -> Any:
    """Without characters that control anything."""
    if isinstance(value, dict):
        return {key: clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner) for inner in value]
    return strip_controls(value) if isinstance(value, str) else value


def _request(content: dict[str, Any]) -> dict[str, Any]:
    """Facilities, parties, security as tables."""
    facilities = [
        [
            name_of(row["type_code"]),
            f"{row['currency']} {float(row['amount']):,.0f}",
            f"{float(row['existing']):,.0f}",
            str(row["tenor_months"]),
            " ".join(part for part in (row["base_rate"], f"+ {row['margin_bps']} bp" if row["margin_bps"] else "", row["fee"]) if part),
            row["purpose"],
        ]
        for row in content["facilities"].values()
    ]
    parties = [
        [str(PartyRole(row["role"]).label), row["name"], f"{float(row['limit']):,.0f}" if row["limit"] else "—", row["note"]]
        for row in content["parties"].values()
    ]
    securities = [
        [
            str(SecurityKind(row["kind"]).label),
            row["description"],
            f"{float(row['value']):,.0f}",
            f"{row['haircut_percent']} %",
            row["valued_on"] or "—",
        ]
        for row in content["securities"].values()
    ]
    tables = [
        {
            "title": _("Facilities"),
            "head": [_("Facility"), _("Amount"), _("Today"), _("Months"), _("Price"), pgettext("loan", "Purpose")],
            "rows": facilities,
        },
        {"title": _("Parties"), "head": [_("Role"), _("Party"), _("Guaranteed up to"), _("Note")], "rows": parties},
        {
            "title": _("Security"),
            "head": [_("Kind"), _("What"), pgettext("security", "Value"), _("Haircut"), _("Valued on")],
            "rows": securities,
        },
    ]
    kinds = ", ".join(str(ClientType(kind).label) for kind in content["client_types"])
    return {"kind": "tables", "lines": [[_("What the borrower is"), kinds]], "tables": [table for table in tables if table["rows"]]}


def _application(content: dict[str, Any]) -> dict[str, Any]:
    """The sections with their text and facts, and the attestation."""
    sections = []
    for key in sorted(key for key in content if key.startswith("section_")):
        row, code = content[key], int(key.removeprefix("section_"))
        title = section_kinds()[code].title if code in section_kinds() else row["title"]
        sections.append(
            {"title": f"{code}. {title}", "blocks": [_block(block) for block in blocks(row["text"])], "facts": list(row["facts"].values())}
        )
    attested = content.get("attestation")
    line = _("Not attested.")
    if attested:
        line = _("Attested by %(name)s on %(day)s.") % {"name": attested["by"], "day": attested["at"][:10]}
        if attested["none_known"]:
            line = f"{line} {_('No adverse facts are known.')}"
    return {"kind": "sections", "sections": sections, "attestation": line}


def _block(block: Block) -> dict[str, Any]:
    def line(spans: Any) -> list[list[str]]:
        return [[span.text, span.style] for span in spans]

    return {"kind": block.kind, "lines": [line(one) for one in block.lines], "rows": [[line(cell) for cell in row] for row in block.rows]}


def _accounts(content: dict[str, Any]) -> dict[str, Any]:
    """The spread: lines and ratios by period, stress cases, what does not tie."""
    header, shown = content.get(accounts.HEADER), accounts.tables(content)
    lines = []
    if header:
        money = f"{header['currency']} × {header['unit']:,}" if header["unit"] != 1 else header["currency"]
        checked = f"{header['checked_by']}, {header['checked_at'][:10]}" if header["checked_by"] else "—"
        lines = [[_("In"), money], [_("Prepared by"), header["prepared_by"]], [_("Checked by"), checked]]
    return {"kind": "tables", "lines": lines, "tables": shown}


def _papers(content: dict[str, Any]) -> dict[str, Any]:
    """The checklist: code, paper, where it stands, by whom it was checked."""
    rows = []
    for key, row in content["papers"].items():
        state = str(ItemState(row["state"]).label) if row["state"] in ItemState.values else row["state"]
        until = row["waived_until"] or row["valid_until"] or "—"
        rows.append([key, called(row), state, row["checked_by"] or row["waived_by"] or "—", until])
    head = [_("Code"), _("Paper"), _("State"), _("By"), _("Good until")]
    return {"kind": "tables", "lines": [], "tables": [{"title": _("Checklist"), "head": head, "rows": rows}] if rows else []}


def _other(content: dict[str, Any]) -> dict[str, Any]:
    """A part of which only its values are known: path and value, line by line."""
    rows = [[" · ".join(step.replace("_", " ") for step in path), text] for path, text in flat(content).items()]
    return {"kind": "lines", "lines": rows}
