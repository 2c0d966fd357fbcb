"""What the library adds to shared screens."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from content.library import permissions, searching
from crm.companies.choices import SECTORS
from crm.kernel.contributions import EditorsDesk, Finder, NavItem, PaletteCommand, PolicyTable, SearchDocument, register


def _reads(user: Any) -> bool:
    return bool(permissions.can_read_library(user=user))


register(
    # No "delete": what was published is withdrawn, and stays.
    EditorsDesk(frozenset(f"library.{verb}_sheet" for verb in ("add", "change", "view", "publish"))),
    NavItem(_("Information"), "library:sheet_list", "info", order=707, section=_("Know"), shown=_reads),
    PaletteCommand(_("Information"), "library:sheet_list", "info", words=_("library product sheets leaflets"), order=235, shown=_reads),
    Finder("sheets", _("Information"), "info", searching.find_sheets, order=60, shown=_reads, in_palette_only=True),
    SearchDocument(
        searching.KIND,
        searching.CODE,
        _("Information"),
        "info",
        searching.documents,
        searching.versions,
        searching.visible,
        order=20,
        labels={"sector": SECTORS},
    ),
    PolicyTable("library.expiry_days", _("An item is over after"), _("Information"), "days", order=610),
)
