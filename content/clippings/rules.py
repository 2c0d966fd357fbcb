"""Pure rules on clippings: how long one takes to read, what is quoted of it, what kind of event it tells, when two are the same row."""

import datetime as dt
import hashlib
import re

from content.clippings.choices import Class, Event
from crm.kernel.text import HAN, fold

QUOTE_LENGTH = 300
"""Characters that may be quoted of a source without a licence (domain 2.8)."""

STORY_WINDOW = dt.timedelta(days=14)
"""How far apart two clippings of one story may be published (search.md, "Near-duplicates")."""

_HAN_A_MINUTE, _WORDS_A_MINUTE = 400, 220
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[。！？!?]|\.(?=\s|$)")

# What headlines say of an event, folded: the first kind with a hit wins, so what must not be overlooked stands first.
_SIGNS: tuple[tuple[Event, str], ...] = (
    (Event.DEFAULT, r"\bdefault(s|ed)?\b|\bwinding[- ]up|\binsolven|\bbankrupt|\breceivership|违约|清盘|破产|逾期"),
    (Event.LITIGATION, r"\bsue[sd]?\b|\blawsuit|\blitigation|\bcourt\b|\bwrit\b|起诉|诉讼|法院|判决|被告"),
    (Event.LISTING, r"\bipo\b|\blisting\b|\bgo(es)? public\b|\bfloat(s|ation)?\b|上市|招股|ipo"),
    (Event.BOND, r"\bbonds?\b|\bnotes? offering\b|\bdebentures?\b|发债|债券|票据"),
    (Event.PLANT, r"\bnew (plant|factory|warehouse|mill)\b|新厂|建厂|投产|生产线"),
    (Event.RELOCATION, r"\brelocat|\bmoves? (its )?(head office|headquarters|factory)\b|搬迁|迁址|搬厂"),
    (Event.MANAGEMENT, r"\b(appoints?|resigns?|steps? down|new (ceo|cfo|chairman|chief executive))\b|任命|辞任|辞职|接任|换帅"),
    (Event.CONTRACT, r"\bwins?\b.{0,40}\b(contract|order|tender)|\b(contract|order) (won|awarded)|中标|合同|合约|大单|订单"),
    (Event.EXPANSION, r"\bexpan(d|ds|ding|sion)\b|\bacqui(re|res|red|sition)\b|\btakeover\b|扩张|扩产|收购|拓展"),
    (Event.RESULTS, r"\b(profit|results|earnings|revenue|dividend)s?\b|业绩|盈利|净利|营收|派息"),
)
_EVENTS = tuple((event, re.compile(pattern)) for event, pattern in _SIGNS)


def read_minutes(text: str) -> int:
    """Whole minutes that a text takes: 400 Chinese characters or 220 words a minute; at least one."""
    han, words = len(_HAN_CHARACTER.findall(text)), len(_WORD.findall(_HAN_CHARACTER.sub(" ", text)))
    return max(1, round(han / _HAN_A_MINUTE + words / _WORDS_A_MINUTE))


def quote_of(body: str) -> str:
    """The beginning of a text, at most 300 characters: whole sentences where one ends in time, else cut with an ellipsis."""
    text = " ".join(body.split())
    if len(text) <= QUOTE_LENGTH:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, QUOTE_LENGTH)]
    if ends and ends[-1] >= QUOTE_LENGTH // 3:
        return text[: ends[-1]]
    return text[: QUOTE_LENGTH - 1].rstrip() + "…"


def event_of(title: str) -> str:
    """What a headline says happened: an Event's value, or nothing. Editors correct it."""
    folded = fold(title)
    return next((event.value for event, sign in _EVENTS if sign.search(folded)), "")


def realm(*, klass: str, owner_id: int | None) -> str:
    """Within what clippings may be the same row: the papers' public ones, each other class, and what each person brought for themselves.

    `owner_id` None: it came from a paper, the operator or an editor. So nobody corrects, or is led to, what only others may see.
    """
    return "" if klass == Class.PUBLIC and owner_id is None else f"{klass}:{owner_id or ''}"


def origin_key(*, source_id: int, url: str, title: str, text_hash: str, published_at: dt.datetime, within: str = "") -> str:
    """What makes a row of an archive, feed or page the same one when it is read again, `within` a realm: 40 hexadecimal digits.

    An address with its headline stands for one article, whose text may be corrected later. Without an address it is the text on its day.
    """
    parts = (str(source_id), url, fold(" ".join(title.split()))) if url else (str(source_id), text_hash, published_at.date().isoformat())
    return hashlib.sha256("\0".join((*parts, within) if within else parts).encode()).hexdigest()[:40]


def again(key: str, times: int) -> str:
    """The key of a row that its archive prints for the second, third ... time."""
    return hashlib.sha256(f"{key}#{times}".encode()).hexdigest()[:40]
