"""Reads of clippings with the companies that they name, as lists, a clipping's page and a company's News panel show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from content.clippings.choices import STANDING, MentionState
from content.clippings.models import Clipping, Mention
from content.clippings.querysets import RULERS
from crm.companies.choices import CoverageKind
from crm.companies.models import Company, CompanyGroup, Coverage

PANEL_ROWS, STORY_ROWS = 10, 50
READS = (
    *("title", "quote", "url", "published_at", "language", "event", "sectors", "klass", "live", "similar", "head_id", "read_minutes"),
    *("source__name", "source__licensed"),
)


@dataclass(frozen=True)
class Named:
    """A company that a clipping names, as this reader sees it: a client or prospect within reach, or any company."""

    mention: Mention
    company: Company
    tie: str = ""

    @property
    def is_suggestion(self) -> bool:
        """Somebody has to say whether it is meant."""
        return self.mention.state == MentionState.SUGGESTED

    @property
    def tone(self) -> str:
        """Jade for a client, indigo for a prospect, amber for a question."""
        if self.is_suggestion:
            return "amber"
        return {CoverageKind.CLIENT.value: "jade", CoverageKind.PROSPECT.value: "indigo"}.get(self.tie, "")

    @property
    def tie_label(self) -> str:
        """What the company is to the reader."""
        return str(CoverageKind(self.tie).label) if self.tie else ""


@dataclass
class Clip:
    """A clipping with whom it names; clients and prospects first."""

    clipping: Clipping
    named: list[Named] = field(default_factory=list)
    asked: list[Named] = field(default_factory=list)


def clips(rows: Iterable[Clipping], *, user: Any) -> list[Clip]:
    """Visible clippings with the companies that they name. Two statements. Suggestions only for those who may rule on them."""
    found = [Clip(row) for row in rows]
    by_id = {clip.clipping.pk: clip for clip in found}
    states = (*STANDING, MentionState.SUGGESTED) if user.actor.has_role(*RULERS) else STANDING
    mentions = (
        Mention.objects.filter(clipping_id__in=by_id, state__in=states).select_related("company").order_by("-in_title", "start", "pk")
    )
    names = mentions.only("clipping_id", "state", "text", "in_title", "start", "end", "reason", "company__name_en", "company__name_zh")
    held = [mention for mention in names if mention.company_id]
    ties = _ties({mention.company_id for mention in held}, user)
    for mention in held:
        clip = by_id[mention.clipping_id]
        named = Named(mention, mention.company, ties.get(mention.company_id, ""))
        (clip.asked if named.is_suggestion else clip.named).append(named)
    for clip in found:
        clip.named.sort(key=lambda named: not named.tie)
    return found


def _ties(company_ids: set[int], user: Any) -> dict[int, str]:
    """What companies are to this reader: only where the coverage is within reach, so a stranger's client is just a company."""
    rows = Coverage.objects.current().visible_to(user).filter(company_id__in=company_ids).order_by("kind")
    ties: dict[int, str] = {}
    for company_id, kind in rows.values_list("company_id", "kind"):
        ties.setdefault(company_id, kind)
    return ties


def story_of(clipping: Clipping, *, user: Any) -> list[Clipping]:
    """The other clippings of its story that the reader may see, newest first."""
    if not clipping.live:
        return []
    rows = Clipping.objects.visible_to(user).filter(head_id=clipping.story_id).exclude(pk=clipping.pk).select_related("source")
    followers = list(rows.only(*READS).newest_first()[:STORY_ROWS])
    if clipping.head_id is None:
        return followers
    return [*Clipping.objects.visible_to(user).filter(pk=clipping.head_id).select_related("source").only(*READS), *followers]


def naming(company_id: int) -> Any:
    """The ids of the clippings that name a company for certain."""
    return Mention.objects.filter(company_id=company_id, state__in=STANDING).values("clipping_id")


def naming_any(user: Any, *, kinds: Sequence[str], unconfirmed: bool) -> Any:
    """The ids of the clippings that name a company within the reader's reach, covered as one of these kinds; or one to be confirmed."""
    found = Mention.objects.none()
    if kinds:
        covered = Coverage.objects.current().visible_to(user).filter(kind__in=kinds)
        found = found | Mention.objects.filter(state__in=STANDING, company_id__in=covered.values("company_id"))
    if unconfirmed:
        found = found | Mention.objects.filter(state=MentionState.SUGGESTED)
    return found.order_by().values("clipping_id")


def news_of(company: Company, *, user: Any) -> Sequence[Clipping]:
    """The newest stories that name a company for certain."""
    rows = Clipping.objects.visible_to(user).live().heads().filter(pk__in=naming(company.pk)).select_related("source").only(*READS)
    return list(rows.newest_first()[:PANEL_ROWS])


def news_of_group(group: CompanyGroup, *, user: Any) -> Sequence[Clipping]:
    """The newest stories that name a company of a group for certain."""
    named = Mention.objects.filter(company__group=group, state__in=STANDING).values("clipping_id")
    rows = Clipping.objects.visible_to(user).live().heads().filter(pk__in=named).select_related("source").only(*READS)
    return list(rows.newest_first()[:PANEL_ROWS])


@dataclass(frozen=True)
class Part:
    """A piece of a text: plain, or naming a company."""

    text: str
    company: Company | None = None


def parts(text: str, named: Iterable[Named], *, in_title: bool) -> list[Part]:
    """A text cut where it names companies, for showing. Places that overlap or lie outside are left plain."""
    found: list[Part] = []
    at = 0
    for one in sorted((one for one in named if one.mention.in_title is in_title), key=lambda one: one.mention.start):
        start, end = one.mention.start, one.mention.end
        if start < at or end > len(text) or text[start:end] != one.mention.text:
            continue
        found += [Part(text[at:start]), Part(text[start:end], one.company)]
        at = end
    return [part for part in (*found, Part(text[at:])) if part.text]
