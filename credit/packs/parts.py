"""How the features of credit plug into a pack: parts of a version, panels of its page, and what stands in the way of its handoff."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, TextChoices

from credit.packs.models import Pack, PackVersion
from crm.kernel.contributions import of
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.files import StoredFile
from crm.kernel.permission import Permission
from crm.kernel.wording import listed


@dataclass(frozen=True)
class PartDocument:
    """A file that belongs to a version: the code that it stands under ("H10"), its title, and the stored content."""

    code: str
    title: str
    file: StoredFile


@dataclass(frozen=True)
class PackPart:
    """A feature's share of each version.

    `content(version)` gives it as JSON values (money as text, times in ISO 8601 with zone, keys in English): what is sealed, compared
    between versions, printed and handed over by the API. `documents(version)` are its files. `copy(old, new, actor, now)` carries it into
    a version that is opened after another. `changed(version, actor, now)` is told that facilities, parties, securities or the kind of
    borrower of a draft are others now. `freeze(version, now)` is called before the seal, for what a draft only points to: from then on
    `content` gives what stood at that moment. All have a fixed number of statements.

    Where versions are compared, `words(content)` says what the keys of its content are called, empty for one that is not shown, and
    `reads` how the values of a key read, given with those words.
    """

    code: str
    label: Sentence
    content: Callable[[PackVersion], Any]
    copy: Callable[..., None]
    documents: Callable[[PackVersion], Sequence[PartDocument]] = lambda version: ()
    changed: Callable[..., None] | None = None
    freeze: Callable[[PackVersion, dt.datetime], None] = lambda version, now: None
    words: Callable[[Any], Mapping[str, Sentence]] = lambda content: {}
    reads: Mapping[str, Callable[[str, Mapping[str, Sentence]], Sentence]] = field(default_factory=dict)
    order: int = 0


@dataclass(frozen=True)
class PackPanel:
    """A card of the pack's page: `template` reads what `content(user, pack, version, now)` gives as `panel`; None leaves it out.

    `column` 1 is the wide one, 2 the side. Content costs two statements at most: the page has 14. One that costs more is `later`: it is
    drawn once the reader scrolls to it. `shown` says beforehand, without a statement, whether this reader gets such a card at all.
    """

    slug: str
    label: Sentence
    template: str
    content: Callable[..., Any]
    order: int
    column: int = 1
    later: bool = False
    shown: Callable[[Any, Pack], bool] = lambda user, pack: True


@dataclass(frozen=True)
class PackAction:
    """A button of the pack's page: where it leads (URL name taking the pack's id) and whether this person may press it now.

    `shown` leaves out what this reader never does; a refused one stands there disabled, with the reason. One that is `of_draft` is left
    out beside a sealed version, which nobody changes. `reasons_at`: the card that lists the reasons already, as an anchor.
    """

    code: str
    label: Sentence
    url_name: str
    icon: str
    allowed: Callable[..., Permission]
    shown: Callable[[Any, Pack], bool]
    order: int = 0
    primary: bool = False
    of_draft: bool = False
    reasons_at: str = ""


@dataclass(frozen=True)
class Obstacle:
    """Why a pack cannot be handed off yet, a line of detail, and where it is mended (a path, or an anchor of the page)."""

    sentence: Sentence
    detail: Sentence = ""
    url: str = ""


@dataclass(frozen=True)
class WritingCheck:
    """What stands in the way of beginning the application (transition 3): nothing where all is well."""

    code: str
    obstacles: Callable[[PackVersion, dt.datetime], Iterable[Obstacle]]


@dataclass(frozen=True)
class HandoffCheck:
    """One part of the handoff guard (domain 6.7): what stands in the way of this version now; nothing where all is well."""

    code: str
    obstacles: Callable[[PackVersion, dt.datetime], Iterable[Obstacle]]
    order: int = 0


@dataclass(frozen=True)
class VersionWork:
    """Kinds of work about one version of a pack, such as its decision: dropped once the next version is sealed."""

    kinds: tuple[str, ...]


@dataclass(frozen=True)
class LimitStop:
    """A feature that may stop what a company can still draw: `stopped(company_ids)` gives a sentence for each that is stopped now.

    Everybody who reads a pack may read the sentence: it says that, never why.
    """

    code: str
    stopped: Callable[[Iterable[int]], Mapping[int, Sentence]]


def require_not_stopped(company_id: int) -> None:
    """RuleBroken (code `suspended`) where the company's undrawn limits are stopped. Call it under the pack's lock."""
    for stop in of(LimitStop):
        sentence = stop.stopped([company_id]).get(company_id)
        if sentence:
            raise RuleBroken(sentence, code="suspended")


def called(model: type[Model], names: Iterable[str]) -> dict[str, Sentence]:
    """What columns are called, for the words of a part."""
    columns: dict[str, Any] = {name: model._meta.get_field(name) for name in names}
    return {name: column.verbose_name for name, column in columns.items()}


def chosen(choices: type[TextChoices]) -> Callable[[str, Mapping[str, Sentence]], Sentence]:
    """Reads one value of a list, or several."""
    known = dict(choices.choices)
    return lambda text, words: listed(str(known.get(one, one)) for one in text.split(", "))
