"""What a name in a text amounts to: a link, a suggestion, or nothing (search.md 2)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from content.mentions.choices import MentionKind, Reason
from content.mentions.entries import GROUP_WORDS, Form, legal_tail
from content.mentions.sentences import acts, form_behind, is_anothers, is_brief, is_part_of_more, is_place_and_trade, stands_free
from content.mentions.texts import FoldedText
from crm.kernel.text import has_han

Rulings = Mapping[tuple[int, str], bool]
"""What people answered: (company, folded name or code) -> yes or no."""


class Owner(NamedTuple):
    """A company to which a pattern belongs, how surely, and the legal words that the pattern lacks (`entries.Pattern`)."""

    company_id: int
    form: Form
    legal: str = ""
    written: str = ""


class Place(NamedTuple):
    """A pattern of the book that stands in title or body, by its offsets in the folded text."""

    in_title: bool
    start: int
    end: int
    pattern: str
    owners: tuple[Owner, ...]
    is_common: bool = False
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A company named in a text: `original[start:end] == text`, `end` excluded, in characters of the title or of the body.

    `kind` and `reason` are values of `MentionKind` and `Reason`; `pattern` is the folded name or code under which an answer is kept.
    """

    company_id: int
    in_title: bool
    start: int
    end: int
    text: str
    kind: str
    reason: str
    pattern: str


class _Verdict(NamedTuple):
    place: Place
    companies: tuple[int, ...]
    reason: Reason
    is_open: bool = False
    """Whether another name of the company in the same clipping settles it."""

    @property
    def is_link(self) -> bool:
        return self.reason in _LINKS


_LINKS = frozenset({Reason.FULL, Reason.LISTED, Reason.SHORT, Reason.CODE, Reason.TOGETHER, Reason.CONFIRMED})
_LINK, _SUGGESTION = MentionKind.LINK.value, MentionKind.SUGGESTION.value

_MOST = 0.75
_TELLING = 3
"""Characters from which on a Chinese name without its form is seldom that of two companies."""
_SISTERS_FORM = "集团"
_TELLING_FORMS = frozenset({"集团", "股份", "控股", "国际"})
_WINDOW = 40
_NEXT_WORD = re.compile(r" ([A-Z][\w&'-]*)")
_WORD_BEFORE = re.compile(r"(?:^|[^\w'-])([A-Z][\w'-]*)\.? $")
_JOINED_AFTER = re.compile(r" (?:&|for|of) [A-Z]")
_JOINED_BEFORE = re.compile(r"(?:& |(?P<head>[A-Z][\w'-]*) (?:for|of) )$")
_BESIDE = """
    ceo cfo coo cto chief chairman chairwoman chair president vice executive director spokesman spokeswoman spokesperson analyst inc
    corp ltd plc co company corporation limited group and or of the in on at to for with by from as is was has says said why how what
    who mr ms mrs dr founder co-founder officer head manager senior general counsel i a an but if when while after before shares stock
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
    november december profits sales
"""
_BESIDE_NAMES = frozenset(_BESIDE.split())


def judge(places: Sequence[Place], texts: tuple[FoldedText, FoldedText], ruled: Rulings) -> list[Found]:
    """The findings of all places of one clipping; `texts` are its title and body."""
    verdicts = [verdict for place in places for verdict in _verdicts(place, texts[not place.in_title], ruled)]
    if any(verdict.reason is Reason.LONGER for verdict in verdicts):
        verdicts = _without_namesakes(verdicts)
    if any(verdict.is_open for verdict in verdicts):
        named = {(company, one.place.pattern, one.place.in_title) for one in verdicts if one.is_link for company in one.companies}
        verdicts = [_settled(verdict, named) for verdict in verdicts]
    found = [finding for verdict in verdicts for finding in _findings(verdict, texts[not verdict.place.in_title])]
    return sorted(found, key=lambda finding: (not finding.in_title, finding.start, finding.end, finding.company_id))


def _verdicts(place: Place, text: FoldedText, ruled: Rulings) -> Iterator[_Verdict]:
    """None where the name is nobody's as it is written, or people refused it."""
    owners = _as_written(place, text)
    if not ruled:
        if owners:
            yield _name_or_code(place, text, owners, is_shared=False)
        return
    confirmed = tuple(owner.company_id for owner in owners if ruled.get((owner.company_id, place.pattern)))
    if confirmed:
        yield _Verdict(place, confirmed, Reason.CONFIRMED)
        return
    allowed = tuple(owner for owner in owners if ruled.get((owner.company_id, place.pattern)) is not False)
    if allowed:
        yield _name_or_code(place, text, allowed, is_shared=len(owners) > len(allowed))


def _as_written(place: Place, text: FoldedText) -> tuple[Owner, ...]:
    """The owners whose name may be written so: very short ones letter for letter, Latin words only with a capital."""
    if place.is_code or not (place.is_common or any(owner.written for owner in place.owners)):
        return place.owners
    written = _original(place, text)
    if place.is_common and not has_han(place.pattern) and not _is_capitalised(written):
        return place.owners if _is_among_han(place, text.folded) else tuple(owner for owner in place.owners if owner.form is Form.FULL)
    return tuple(owner for owner in place.owners if not owner.written or owner.written == written)


def _is_among_han(place: Place, folded: str) -> bool:
    """Whether a Latin word stands right beside a Chinese character, where it is a name sooner than a word: 通过visa卡支付."""
    return has_han(folded[max(place.start - 1, 0) : place.start] + folded[place.end : place.end + 1])


def _name_or_code(place: Place, text: FoldedText, owners: tuple[Owner, ...], *, is_shared: bool) -> _Verdict:
    everyone = _companies(owners)
    if place.is_code:
        return _Verdict(place, everyone, Reason.CODE) if len(everyone) == 1 and not is_shared else _Verdict(place, everyone, Reason.SEVERAL)
    best = owners[0].form
    if best < Form.BARE and not place.is_common:
        first = _companies(tuple(owner for owner in owners if owner.form == best))
        if has_han(place.pattern) and is_anothers(text.folded, place.start, place.end):
            return _Verdict(place, everyone, Reason.LONGER)
        if len(first) == 1 and not is_shared:
            return _Verdict(place, first, Reason.FULL if best is Form.FULL else Reason.LISTED)
        return _Verdict(place, everyone, Reason.SEVERAL, is_open=True)
    return _short_name(place, text, owners, everyone, is_shared=is_shared)


def _companies(owners: tuple[Owner, ...]) -> tuple[int, ...]:
    return (owners[0].company_id,) if len(owners) == 1 else tuple(dict.fromkeys(owner.company_id for owner in owners))


def _short_name(place: Place, text: FoldedText, owners: tuple[Owner, ...], everyone: tuple[int, ...], *, is_shared: bool) -> _Verdict:
    """A name without its legal form: what stands beside it may complete it, or make it another's."""
    folded = text.folded
    if has_han(place.pattern):
        if place.is_common:
            return _Verdict(place, everyone, Reason.COMMON)
        if doubt := _doubt_of_chinese(place, folded, owners):
            return _Verdict(place, everyone, doubt, is_open=doubt is not Reason.LONGER)
    else:
        if tail := legal_tail(folded, place.end):
            return _completed(place, owners, everyone, tail)
        if place.is_common:
            return _Verdict(place, everyone, Reason.COMMON)
        if doubt := _doubt_of_latin(place, text):
            return _Verdict(place, everyone, doubt, is_open=place.in_title and doubt is Reason.LONGER)
    if len(everyone) > 1 or is_shared:
        return _Verdict(place, everyone, Reason.SEVERAL, is_open=True)
    return _Verdict(place, everyone, Reason.SHORT)


def _doubt_of_chinese(place: Place, folded: str, owners: tuple[Owner, ...]) -> Reason | None:
    """A Chinese name that goes on is another's; a brief one or one that says only where and what needs the sentence to speak for it."""
    start, end = place.start, place.end
    if is_part_of_more(folded, start, end) or is_anothers(folded, start, end):
        return Reason.LONGER
    if form_behind(folded, end) == _SISTERS_FORM and all(owner.legal and _SISTERS_FORM not in owner.legal for owner in owners):
        return Reason.LONGER
    if is_place_and_trade(place.pattern) and not acts(folded, end):
        return Reason.COMMON
    if is_brief(start, end) and not _is_brief_and_sure(place, folded, owners):
        return Reason.BRIEF
    return None


def _is_brief_and_sure(place: Place, folded: str, owners: tuple[Owner, ...]) -> bool:
    """A brief name that stands free is the company's if it is given so, or has three characters; two that remain of 振华股份 are anybody's,
    unless the form that they lack stands behind them.
    """
    start, end = place.start, place.end
    form = form_behind(folded, end)
    if form in _TELLING_FORMS:
        return all(form in owner.legal for owner in owners)
    if owners[0].form is Form.STRIPPED and end - start < _TELLING:
        return False
    return stands_free(folded, start, end)


def _completed(place: Place, owners: tuple[Owner, ...], everyone: tuple[int, ...], tail: str) -> _Verdict:
    """A short name with legal words behind it: the full name of the owner who has these, in whatever spelling."""
    exact = tuple(dict.fromkeys(owner.company_id for owner in owners if owner.legal == tail))
    if len(exact) == 1:
        return _Verdict(place, exact, Reason.FULL)
    family = GROUP_WORDS.intersection(tail.split())
    near = tuple(dict.fromkeys(owner.company_id for owner in owners if GROUP_WORDS.intersection(owner.legal.split()) == family))
    if len(near) == 1 and len(everyone) == 1:
        return _Verdict(place, near, Reason.FULL)
    return _Verdict(place, everyone, Reason.SEVERAL, is_open=True) if len(everyone) > 1 else _Verdict(place, everyone, Reason.LONGER)


def _doubt_of_latin(place: Place, text: FoldedText) -> Reason | None:
    """A Latin name has a capital; a single word is not the company's where it is a part of what is named with more words."""
    start, end = text.span(place.start, place.end)
    original = text.original
    if not _has_capital(original[start:end]) and not _is_among_han(place, text.folded):
        return Reason.SMALL
    if " " in place.pattern:
        return None
    window = original[max(0, start - _WINDOW) : start]
    joined = _JOINED_BEFORE.search(window)
    if _JOINED_AFTER.match(original, end) or (joined and (joined["head"] or "").lower() not in _BESIDE_NAMES):
        return Reason.LONGER
    # In a headline that capitalises every word, the word behind says nothing ("Tencent Posts Profit"); the one before still may.
    following = None if place.in_title and _is_title_case(original) else _NEXT_WORD.match(original, end, end + _WINDOW)
    beside = (following, _WORD_BEFORE.search(window))
    return Reason.LONGER if any(word and word[1].lower() not in _BESIDE_NAMES for word in beside) else None


def _is_title_case(title: str) -> bool:
    words = [word for word in title.split() if len(word) > 3 and word[0].isalpha()]
    return len(words) > 2 and sum(word[0].isupper() for word in words) >= _MOST * len(words)


def _without_namesakes(verdicts: list[_Verdict]) -> list[_Verdict]:
    """Who is named in full elsewhere in the body (Nancy Brinker) is meant by the single word (Brinker), too."""
    longer = {one.place.pattern for one in verdicts if one.reason is Reason.LONGER and not one.place.in_title}
    return [
        one._replace(reason=Reason.LONGER, is_open=True) if one.reason is Reason.SHORT and one.place.pattern in longer else one
        for one in verdicts
    ]


def _settled(verdict: _Verdict, named: set[tuple[int, str, bool]]) -> _Verdict:
    """An open one becomes a link where exactly one of its companies is named by another name too, or a title's by the body's; a brief one
    also where it stands free at another place.
    """
    if not verdict.is_open:
        return verdict
    place = verdict.place
    others = {company for company, pattern, in_title in named if pattern != place.pattern or (place.in_title and not in_title)}
    present = tuple(company for company in verdict.companies if company in others)
    if len(present) == 1:
        return _Verdict(place, present, Reason.TOGETHER)
    if verdict.reason is Reason.BRIEF and any(pattern == place.pattern for _company, pattern, _in_title in named):
        return _Verdict(place, verdict.companies, Reason.SHORT)
    return verdict


def _findings(verdict: _Verdict, text: FoldedText) -> Iterator[Found]:
    place = verdict.place
    start, end = text.span(place.start, place.end)
    kind, reason = _LINK if verdict.is_link else _SUGGESTION, str(verdict.reason)
    written = text.original[start:end]
    for company in verdict.companies:
        yield Found(company, place.in_title, start, end, written, kind, reason, place.pattern)


def _original(place: Place, text: FoldedText) -> str:
    start, end = text.span(place.start, place.end)
    return text.original[start:end]


def _has_capital(written: str) -> bool:
    return any(letter.isupper() or letter.isdigit() for letter in written)


def _is_capitalised(written: str) -> bool:
    """Capitalised or in capitals: every word but the small ones begins with a capital letter."""
    return all(not word[:1].islower() for word in written.split() if len(word) > 3) and not written[:1].islower()
