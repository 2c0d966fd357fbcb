"""How much a file may ask of us before it is refused."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from crm.kernel.confined import MEGABYTE


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Ceilings for one file. `seconds` is wall time."""

    file_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 100 * MEGABYTE
    page_characters: int = 10_000_000
    pages: int = 500
    articles: int = 200_000
    article_characters: int = 1_000_000
    title_characters: int = 300
    name_characters: int = 200
    url_characters: int = 2_000
    shortest_article: int = 200
    seconds: int = 30
    memory_bytes: int = 512 * MEGABYTE


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a reader must know beside the file: the zone of times that name none, and the moment after which nothing can be published.

    `feeds_only`: a page or text where a feed should be is no article.
    """

    zone: ZoneInfo
    now: dt.datetime
    limits: Limits = field(default_factory=Limits)
    feeds_only: bool = False

    def is_future(self, moment: dt.datetime) -> bool:
        """Whether `moment` lies more than a day ahead, which no clock in the world explains."""
        return moment > self.now + dt.timedelta(days=1)
