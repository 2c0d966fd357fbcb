"""What clippings add to shared screens."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from content.clippings import permissions, searching
from content.clippings.choices import Event
from content.clippings.models import Clipping
from content.clippings.services.telling import KIND
from content.clippings.tasks import BACK_LINK
from crm.companies.choices import SECTORS
from crm.companies.services.identity import NAMED
from crm.kernel.contributions import (
    ApiRouter,
    ClientPanel,
    EditorsDesk,
    Finder,
    GroupPanel,
    Invariant,
    NavItem,
    NearNames,
    PaletteCommand,
    Reaction,
    ReaderTokens,
    SearchDocument,
    TimelineKind,
    register,
)


def _reads(user: Any) -> bool:
    return bool(permissions.can_read_clippings(user=user))


def _panel_shown(user: Any, company: Any) -> bool:
    return _reads(user)


def _wrong_stories() -> Iterator[str]:
    for pk in Clipping.objects.filter(head__head__isnull=False).values_list("pk", flat=True):
        yield f"Clipping {pk}: the head of its story follows another."
    across = ~Q(head__klass=F("klass")) | Q(head__live=False) | Q(live=False)
    for pk in Clipping.objects.filter(head__isnull=False).filter(across).values_list("pk", flat=True):
        yield f"Clipping {pk}: its story spans classes, or what is not published."
    counted = Clipping.objects.filter(head=None).annotate(held=Count("followers")).exclude(similar=F("held"))
    for pk in counted.values_list("pk", flat=True):
        yield f"Clipping {pk}: it does not count its similar ones."


# No "delete": what was published is withdrawn, and stays.
_DESK = frozenset(f"clippings.{verb}_{model}" for model in ("clipping", "source") for verb in ("add", "change", "view", "publish"))

register(
    EditorsDesk(_DESK),
    NavItem(_("News"), "clippings:clipping_list", "news", order=705, section=_("Know"), shown=_reads),
    NavItem(_("Inbox"), "clippings:inbox", "cms", order=706, section=_("Know"), shown=permissions.is_editor),
    PaletteCommand(_("Inbox"), "clippings:inbox", "cms", words=_("publish tag editors"), order=231, shown=permissions.is_editor),
    PaletteCommand(_("News"), "clippings:clipping_list", "news", words=_("clippings papers press"), order=230, shown=_reads),
    ClientPanel("news", _("News"), "clippings:company_news", order=30, shown=_panel_shown),
    GroupPanel("news", _("News"), "clippings:group_news", order=30, shown=_panel_shown),
    TimelineKind(KIND, _("News"), "mute", "clippings:clipping_detail"),
    Reaction(NAMED, BACK_LINK),
    SearchDocument(
        searching.KIND,
        searching.CODE,
        _("Clippings"),
        "news",
        searching.documents,
        searching.versions,
        searching.visible,
        order=10,
        labels={"event": dict(Event.choices), "sector": SECTORS},
    ),
    ReaderTokens(searching.tokens_of),
    NearNames(searching.near_sources, order=30),
    Finder(searching.KIND, _("News"), "news", searching.find_clippings, order=80, shown=_reads, in_palette_only=True),
    Invariant("clippings.stories", "A story has one head, one class and counts its copies", _wrong_stories),
    ApiRouter("clippings", "content.clippings.api.router", order=70),
)
