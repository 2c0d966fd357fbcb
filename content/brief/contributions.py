"""What the brief adds to shared screens."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from content.brief import permissions, services
from content.brief.choices import READING
from content.brief.models import ReadingDay
from crm.kernel.addresses import url_of
from crm.kernel.contributions import Invariant, PaletteCommand, TodayCard, WorkKind, register
from crm.kernel.worklist import WorkItem


def _reads(user: Any) -> bool:
    return bool(permissions.can_read_brief(user=user))


def _card(*, user: Any, now: dt.datetime) -> str:
    """Where the card loads its stories from. They cost more statements than a card may on Today, so they come as a fragment."""
    return url_of("brief:brief_card")


def _read_and_still_asked() -> Iterator[str]:
    done = ReadingDay.objects.filter(pk=OuterRef("subject_id"), done_at__isnull=False)
    for pk in WorkItem.objects.open().filter(Exists(done), subject_type=services.SUBJECT).values_list("pk", flat=True):
        yield f"Work item {pk}: its reading is done."


register(
    WorkKind(READING, _("Read the morning brief"), "news", "brief:reading_day", tick=services.tick_reading, untick=services.untick_reading),
    TodayCard("brief", _("Morning brief"), "brief/today.html", _card, order=10, shown=_reads, column=2),
    PaletteCommand(_("Morning brief"), "brief:brief", "news", words=_("news today reading"), order=228, shown=_reads),
    Invariant("brief.done", "Reading that is done is not asked for", _read_and_still_asked),
)
