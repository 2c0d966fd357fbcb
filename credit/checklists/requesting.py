"""What the letter that asks a client for papers may say: fields of class P and K alone (domain 1.3, rule 1)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.checklists import selectors
from credit.packs import selectors as packs
from crm.kernel.contributions import PaperContext, PaperField
from crm.papers.contributions import LETTER_FIELDS

CONTEXT = "pack_papers"


def _papers(about: Any) -> str:
    """The papers that are still open, one a line, in the letter's language; the guarantor's with their name."""
    pack = about.about
    version = packs.draft_of(pack)
    if version is None:
        return ""
    version.pack = pack
    items = selectors.asked_of_client(version, selectors.today_of(pack, timezone.now()))
    return "\n".join(f"- {item.name} ({item.party})" if item.party else f"- {item.name}" for item in items)


def _field(name: str, label: Any, value: Any, *samples: str) -> PaperField:
    return PaperField(name, label, "K", value, dict(zip(("en", "zh-hant", "zh-hans"), samples, strict=True)), lines=True)


REQUEST = PaperContext(
    CONTEXT,
    _("Request for papers"),
    (
        *LETTER_FIELDS,
        _field("papers", _("Papers that we need"), _papers, "- Audited accounts, three years\n- Group chart",
               "- 三年經審計賬目\n- 集團架構圖", "- 三年经审计账目\n- 集团架构图"),
    ),
    order=20,
)  # fmt: skip
