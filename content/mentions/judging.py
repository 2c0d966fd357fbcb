"""What a name in a text amounts to: a link, a suggestion, or nothing (search.md 2)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from content.mentions.choices import MentionKind, Reason
from content.mentions.common import cuts_a_word
from content.mentions.entries import GROUP_WORDS, Form, legal_tail
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

# A Chinese name before one of these is the beginning of another company's name, of an address or of what is named after it.
_LONGER_ZH = re.compile(
    "银行|证券|基金|保险|信托|期货|地产|置业|控股|国际|实业|人寿|财险|租赁|资本|科技|电子|大学|学院|医院|中学|小学|研究[院所]|协会|学会|俱乐部"
    "|大厦|广场|公园|酒店|花园|大道|大街|路(?![演线由透])|街(?!头)|桥(?!水)|[镇县村州]|业(?![绩务主内])|局(?![势面部限])|[奖杯]"
)
_FORM_ZH = re.compile("公司|集团|股份|有限|企业")
_MOST = 0.75
_WINDOW = 40
_BRIEF_ZH = 3
"""Characters of a Chinese name that nobody wrote down as the company's alias: of 830 such in everyday text 110 meant the company."""
_TITLE_ZH = re.compile("《[^《》]*$")
_TITLE_END_ZH = re.compile("[^《》]*》")
_JOINING_DOT = re.compile("[·•‧・]")
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
        return tuple(owner for owner in place.owners if owner.form is Form.FULL)
    return tuple(owner for owner in place.owners if not owner.written or owner.written == written)


def _name_or_code(place: Place, text: FoldedText, owners: tuple[Owner, ...], *, is_shared: bool) -> _Verdict:
    everyone = _companies(owners)
    if place.is_code:
        return _Verdict(place, everyone, Reason.CODE) if len(everyone) == 1 and not is_shared else _Verdict(place, everyone, Reason.SEVERAL)
    best = owners[0].form
    if best < Form.BARE and not place.is_common:
        first = _companies(tuple(owner for owner in owners if owner.form == best))
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
        if _is_part_of_more(folded, place):
            return _Verdict(place, everyone, Reason.LONGER)
        if place.end - place.start <= _BRIEF_ZH and not _FORM_ZH.match(folded, place.end):
            return _Verdict(place, everyone, Reason.BRIEF, is_open=True)
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


def _is_part_of_more(folded: str, place: Place) -> bool:
    """A Chinese name that goes on, stands in the title of a work or in a foreigner's name, or whose letters belong to words beside it."""
    start, end = place.start, place.end
    if _LONGER_ZH.match(folded, end) or _JOINING_DOT.match(folded, end) or _JOINING_DOT.match(folded, max(start - 1, 0)):
        return True
    if end - start <= 3 and cuts_a_word(folded, start, end):
        return True
    return "《" in folded and bool(
        _TITLE_ZH.search(folded[max(0, start - _WINDOW) : start]) and _TITLE_END_ZH.match(folded, end, end + _WINDOW)
    )


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
    if not _has_capital(original[start:end]):
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
    """An open one becomes a link where exactly one of its companies is named by another name too, or a title's by the body's."""
    if not verdict.is_open:
        return verdict
    place = verdict.place
    others = {company for company, pattern, in_title in named if pattern != place.pattern or (place.in_title and not in_title)}
    present = tuple(company for company in verdict.companies if company in others)
    return _Verdict(place, present, Reason.TOGETHER) if len(present) == 1 else verdict


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
