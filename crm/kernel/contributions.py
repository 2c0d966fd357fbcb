"""How a feature plugs into shared screens: it registers small dataclasses, and the screens ask for all of a kind.

Each app's `contributions.py` is imported at start-up. What runs later (tasks, views, routers) is named by a dotted path, so that
registering imports no view.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission
from crm.kernel.searchable import Document, ShownById, Versions

T = TypeVar("T")
_registry: dict[type, list[Any]] = {}


def register(*contributions: Any) -> None:
    """Add contributions. The same one twice is kept once."""
    for contribution in contributions:
        kept = _registry.setdefault(type(contribution), [])
        if contribution not in kept:
            kept.append(contribution)


def of(kind: type[T]) -> list[T]:
    """All contributions of a kind, by their `order` where they have one."""
    return sorted(_registry.get(kind, ()), key=lambda item: getattr(item, "order", 0))


def always(user: Any) -> bool:
    """Shown to everybody who is signed in and holds a post."""
    return bool(user.actor.posts)


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
    """How a kind of timeline row looks: its word for the filter, its tone, and the page behind it (URL name taking the subject's id)."""

    kind: str
    label: Sentence
    tone: str = "mute"
    url_name: str = ""


@dataclass(frozen=True)
class WorkKind:
    """How a kind of work item looks on Today: its icon and the page that it leads to (URL name taking the subject's id).

    `tick(item_id=, actor=, now=)` is the service by which one tap says "done", `untick` takes that back; without them, its page does.
    """

    kind: str
    label: Sentence
    icon: str
    url_name: str = ""
    tick: Callable[..., Any] | None = None
    untick: Callable[..., Any] | None = None


@dataclass(frozen=True)
class ApprovalCard:
    """One request in the list of those that wait: whom it is about, what is asked in a line, and who asked.

    `plain`: within every limit and without a flag, so that it may be decided together with others. `flags` are what a decider must see.
    """

    title: str
    line: Sentence
    url: str
    asked_by: str = ""
    plain: bool = False
    flags: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class ApprovalAct:
    """One thing that a decider may do: its code, its word, the key that does it, and the fields of the pane's form that it reads.

    The key is a letter, but for g, j and k. A field outside `needs` may be empty, though the form requires it; whether one of `needs` may
    be empty is the service's to say, by a RuleBroken that names the field. `refusal`: why this person may not do it now; the button then
    shows it.
    """

    code: str
    label: Sentence
    key: str
    tone: str = ""
    needs: tuple[str, ...] = ()
    refusal: Sentence = ""


@dataclass(frozen=True)
class ApprovalPane:
    """All that a decider needs of one request: `template` reads `context` as `pane`; `form_class` holds the fields of the acts."""

    number: str
    title: str
    template: str
    context: Mapping[str, Any]
    acts: tuple[ApprovalAct, ...]
    form_class: type
    form_kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ApprovalKind:
    """A kind of request that waits for a decision in `/approvals/`; `kind` is that of its work item, whose subject is the request.

    `cards(user, ids)` gives the cards of those requests that this person may see, by id, with two statements at most for all of them.
    `pane(user=, subject_id=, now=)` gives one request; the model's DoesNotExist where hidden. `decide(subject_id=, act=, data=, actor=,
    now=)` is the service that carries an act out, with the form's cleaned data, and closes the work item (or passes it on to another
    queue); what it returns may have a `get_absolute_url`. `escalate(subject_id=, now=)` passes one up whose time is over; None: it waits.
    `together`: the codes of acts that may be done to many plain requests at once.
    """

    kind: str
    label: Sentence
    tone: str
    cards: Callable[[Any, Sequence[int]], Mapping[int, ApprovalCard]]
    pane: Callable[..., ApprovalPane]
    decide: Callable[..., Any]
    escalate: Callable[..., Any] | None = None
    together: tuple[str, ...] = ("approve",)
    order: int = 0


@dataclass(frozen=True)
class NotificationKind:
    """A kind of things that staff are told (`crm.notifications.services`). `by_mail`: by e-mail too; `at_once`: also out of hours."""

    kind: str
    label: Sentence
    by_mail: bool = False
    at_once: bool = False


@dataclass(frozen=True)
class PendingDecision:
    """A feature in which the bank may have a decision about a company before it: what makes hospitality and gifts to it sensitive.

    `pending(company_ids, day)` gives a sentence for each of these companies for which one stands on that day.
    """

    code: str
    pending: Callable[[Sequence[int], dt.date], Mapping[int, Sentence]]


@dataclass(frozen=True)
class RiskClasses:
    """A feature that knows the internal risk class of clients: `classes(company_ids)` gives "R1" to "R5" for those that have one."""

    classes: Callable[[Sequence[int]], Mapping[int, str]]


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
class Reaction:
    """What a feature does after another one's event: the outbox task that runs with the event's ids (`crm.kernel.reactions.announce`)."""

    event: str
    task: str


@dataclass(frozen=True)
class Finder:
    """Rows of a kind by name, for the palette and the search page: `find(user, query, limit)` returns Found rows, best first.

    `in_palette_only`: the search page finds these among its texts.
    """

    kind: str
    label: Sentence
    icon: str
    find: Callable[[Any, str, int], Sequence["Found"]]
    order: int = 0
    shown: Callable[[Any], bool] = always
    in_palette_only: bool = False


@dataclass(frozen=True)
class Found:
    """One row of a finder."""

    title: str
    url: str
    second: str = ""
    detail: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class NearName:
    """A name that somebody may have meant by `typed`: the stretch `text` of `name` is like it, `distance` letters away."""

    typed: str
    text: str
    name: str
    distance: int


@dataclass(frozen=True)
class NearNames:
    """Names for "did you mean": `near(user, words)` gives those like one of the words that this person may read (None: the operator).

    It costs one statement, whatever is found and whatever is hidden.
    """

    near: Callable[[Any, Sequence[str]], Iterable[NearName]]
    order: int = 0


@dataclass(frozen=True)
class EditorsDesk:
    """What content editors may do with a feature's rows under /cms/, as Wagtail's permissions ("clippings.change_clipping")."""

    permissions: frozenset[str]


@dataclass(frozen=True)
class PaperField:
    """A field that a template for clients may name. `klass` is "P" or "K" (domain 1.3): no other class can be offered at all.

    `value(subject)` is asked with the paper's language in force and gives plain text, empty where nothing is known. `samples` are values
    by language ("en", "zh-hant", "zh-hans") for previews.
    """

    name: str
    label: Sentence
    klass: str
    value: Callable[[Any], str]
    samples: Mapping[str, str] = field(hash=False, compare=False)

    def __post_init__(self) -> None:
        if self.klass not in ("P", "K"):
            raise ValueError(f"{self.name} is of class {self.klass}: only P and K may reach a client.")


@dataclass(frozen=True)
class PaperContext:
    """A purpose for which papers are written to clients, with the fields that its templates may name (domain 1.3, rule 1)."""

    code: str
    label: Sentence
    fields: tuple[PaperField, ...]
    order: int = 0


@dataclass(frozen=True)
class SearchDocument:
    """A kind of documents for full-text search. `crm.kernel.searchable` says what a document is and how its scope is written.

    `documents(ids)` gives those of them that exist and are to be found now, in any order: an id that it leaves out is taken from the
    index. `versions()` gives (id, version) of all of them, in order of id. `visible(user, ids)` gives what this person may see of them
    and leaves out the rest; it is asked for each page of hits and costs a fixed number of statements. A user of None is the operator
    at the machine (the command line without --as), from whom nothing is hidden. `code` (0 to 7) is the kind's own and stays: it is part
    of the order of hits. Ids are below 2**27. `labels` are words for the values of a facet: {"event": {"plant": "New plant"}}. The feature
    calls `reactions.reindex(kind, ids, actor=...)` in the transaction of every change. An example stands in `tests/search/papers.py`.
    """

    kind: str
    code: int
    label: Sentence
    icon: str
    documents: Callable[[Sequence[int]], Iterable[Document]]
    versions: Callable[[], Versions]
    visible: Callable[[Any, Sequence[int]], ShownById]
    order: int = 0
    labels: Mapping[str, Mapping[Any, Sentence]] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True)
class ReaderTokens:
    """Further scope tokens that a person holds now (`crm.kernel.searchable`), such as the walls within which they stand."""

    tokens: Callable[[Any], Iterable[str]]


@dataclass(frozen=True)
class QueryAction:
    """A button beside what a query found in texts: `url(text)` says where it leads with the query."""

    label: Sentence
    icon: str
    url: Callable[[str], str]
    order: int = 0
    shown: Callable[[Any], bool] = always


@dataclass(frozen=True)
class CompanyNames:
    """Who the companies are: `ids(user, name)` bear a name or alias, `names(user, ids)` are the names that this person may read."""

    ids: Callable[[Any, str], Iterable[int]]
    names: Callable[[Any, Sequence[int]], Mapping[int, str]]


@dataclass(frozen=True)
class StageEvidence:
    """A feature that proves a stage's criterion: `proves(company_id)` says whether it stands, and by what."""

    criterion: str
    proves: Callable[[int], str | None]


@dataclass(frozen=True)
class PolicyTable:
    """A table of the bank's figures (`crm.policy`), for the screens on which head office sets them. A table without one is shown to nobody.

    `unit` says what its values are (`crm.policy.choices.Unit`), `units` those of single keys; `parts` the named numbers that each value
    holds ({"meet": …, "call": …}); `special` the words that may stand for a number ({"any": …}), all of them more than any number;
    `choices` the only values of a key. `labels` are words for its keys; roles need none. `rows(user)` narrows the rows that a person may
    see (None: whoever holds a post); head office, compliance and audit see all. `personal`: one person's own figure may differ from that
    of the grade.

    `simulate` is the dotted path of `f(*, proposed: dict[str, Any], jurisdiction: str, since: date, until: date) -> list[Sentence]`: what
    would have been different between two days, both included, had these figures held ("14 requests would have gone higher").
    """

    name: str
    label: Sentence
    heading: Sentence
    unit: str
    labels: Mapping[str, Sentence] = field(default_factory=dict, hash=False, compare=False)
    rows: Callable[[Any], Q] | None = None
    personal: bool = False
    simulate: str | None = None
    units: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    parts: Mapping[str, Sentence] = field(default_factory=dict, hash=False, compare=False)
    special: Mapping[str, Sentence] = field(default_factory=dict, hash=False, compare=False)
    choices: Mapping[str, Mapping[str, Sentence]] = field(default_factory=dict, hash=False, compare=False)
    order: int = 0


@dataclass(frozen=True)
class Invariant:
    """Something that must hold in the whole database: `broken()` yields a sentence for each row that breaks it."""

    code: str
    label: str
    broken: Callable[[], Iterable[str]]


@dataclass(frozen=True)
class ApiRouter:
    """A router of the API, by dotted path, under a prefix."""

    prefix: str
    router: str
    order: int = 0


Rows = QuerySet[Any]
