"""What stands on shared screens: menu, palette, buttons and panels of a record, the timeline, work, Today."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import override

from crm.kernel.contributions.registry import always
from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission
from crm.kernel.text import fold


@dataclass(frozen=True)
class NavItem:
    """An entry of the menu; absent where `shown` says no. `section` is the heading it stands under."""

    label: Sentence
    url_name: str
    icon: str
    order: int
    section: Sentence = ""
    shown: Callable[[Any], bool] = always
    on_phone: bool = False


@dataclass(frozen=True)
class LogEntry:
    """An entry of the phone's Log sheet: something that one records in a minute."""

    label: Sentence
    url_name: str
    icon: str
    order: int
    shown: Callable[[Any], bool] = always


@dataclass(frozen=True)
class PaletteCommand:
    """A command of the palette; `words` are further words by which it is found."""

    label: Sentence
    url_name: str
    icon: str = "more"
    words: Sentence = ""
    order: int = 0
    shown: Callable[[Any], bool] = always

    @cached_property
    def folded(self) -> str:
        """What it is called and its further words in every language, to be searched; made once, for every letter typed asks for it."""
        spoken = []
        for language, _name in settings.LANGUAGES:
            with override(language):
                spoken.append(fold(f"{self.label} {self.words}"))
        return " ".join(spoken)


@dataclass(frozen=True)
class RecordAction:
    """A button on another feature's record. `model` is a label such as "companies.company"; `url(obj)` says where it leads."""

    model: str
    label: Sentence
    icon: str
    url: Callable[[Any], str]
    allowed: Callable[[Any, Any], Permission]
    order: int = 0
    primary: bool = False


@dataclass(frozen=True)
class CompanyForm:
    """A form about a company (`?company=`) that a person may open without one: they then pick it first by typing."""

    code: str
    url_name: str


@dataclass(frozen=True)
class ClientPanel:
    """A part of the company and client page, loaded as a fragment: `view` is a URL name taking the company's id."""

    slug: str
    label: Sentence
    url_name: str
    order: int
    shown: Callable[[Any, Any], bool]


@dataclass(frozen=True)
class GroupPanel:
    """A part of a corporate group's page (exposure, news), loaded as a fragment: `view` is a URL name taking the group's id."""

    slug: str
    label: Sentence
    url_name: str
    order: int
    shown: Callable[[Any, Any], bool]


@dataclass(frozen=True)
class TimelineKind:
    """How a kind of timeline row looks: its word for the filter, its tone, and the page behind it (URL name taking the subject's id).

    `words(title)` says in the reader's language what a row keeps in English or in codes: see `crm.kernel.wording.spoken`.
    """

    kind: str
    label: Sentence
    tone: str = "mute"
    url_name: str = ""
    words: Callable[[str], str] = str


@dataclass(frozen=True)
class WorkKind:
    """How a kind of work item looks on Today: its icon and the page that it leads to (URL name taking the subject's id).

    `tick(item_id=, actor=, now=)` is the service by which one tap says "done", `untick` takes that back; without them, its page does.
    `second_person`: whoever made it waits for another, so that it does not stand among their own work.
    """

    kind: str
    label: Sentence
    icon: str
    url_name: str = ""
    tick: Callable[..., Any] | None = None
    untick: Callable[..., Any] | None = None
    second_person: bool = False


@dataclass(frozen=True)
class TodayCard:
    """A card of Today: `content(user=, now=)` gives what `template` reads as `content`; None leaves the card out.

    `column` is the one of three that it stands in. Content costs two statements at most: Today has a fixed number of them.
    """

    slug: str
    label: Sentence
    template: str
    content: Callable[..., Any]
    order: int
    shown: Callable[[Any], bool] = always
    column: int = 3


@dataclass(frozen=True)
class NotificationKind:
    """A kind of things that staff are told (`crm.notifications.services`). `by_mail`: by e-mail too; `at_once`: also out of hours."""

    kind: str
    label: Sentence
    by_mail: bool = False
    at_once: bool = False


@dataclass(frozen=True)
class EditorsDesk:
    """What content editors may do with a feature's rows under /cms/, as Wagtail's permissions ("clippings.change_clipping")."""

    permissions: frozenset[str]
