"""How well articles are read out of real pages: F1 of the body, and whether the title is the one on the page."""

import gzip
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import trafilatura
from trafilatura.utils import load_html

from content.capture.reading.encodings import declared_encoding, text_of
from content.capture.reading.limits import Setting
from content.capture.reading.pages import read_page
from content.capture.reading.refusals import Refused
from crm.kernel.text import CJK, fold

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ENGLISH, CHINESE = DATA / "html_articles_en", DATA / "html_articles_zh"

# The titles as somebody read them off the pages, kept as hashes, since the pages are not ours to copy.
TITLES: dict[str, str] = json.loads(Path(__file__).with_name("article_titles.json").read_text(encoding="utf-8"))

# The pages of Chinese sites come without an expected text. It is what stands in the element in which each site puts its articles.
_CONTAINERS = {
    "163": "//*[@id='endText' or @id='content']",
    "guancha": "//div[contains(@class, 'all-txt')]",
    "ifeng": "//*[contains(@class, 'text-') or @id='main_content']",
    "people": "//*[@id='rwb_zw' or contains(@class, 'box_con') or @id='p_content']",
    "sina": "//*[@id='article' or @id='artibody']",
    "stcn": "//*[@class='txt_con' or @id='ctrlfscont']",
    "xinhuanet": "//*[@id='p-detail']",
}
_SHINGLE = 4


@dataclass(frozen=True)
class Page:
    """One saved page: its text, the article expected in it, and what was read from it and by trafilatura alone."""

    name: str
    expected: str
    read: str
    alone: str
    title: str

    @property
    def has_right_title(self) -> bool:
        """Equal to the title on the page, case, width and punctuation aside."""
        return title_key(self.title) == TITLES[self.name]


def title_key(title: str) -> str:
    """A hash of the letters and digits of a title."""
    letters = "".join(character for character in fold(title) if character.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()[:16]


def english(setting: Setting) -> list[Page]:
    """The English pages with the bodies of their benchmark."""
    truth = json.loads((ENGLISH / "ground-truth.json").read_text(encoding="utf-8"))
    files = sorted((ENGLISH / "html").glob("*.html.gz"))
    return [_page(file.name[:64], gzip.decompress(file.read_bytes()), truth[file.name[:64]]["articleBody"], setting) for file in files]


def chinese(setting: Setting) -> list[Page]:
    """The Chinese pages, with what stands in their sites' containers."""
    files = sorted(CHINESE.glob("*.html"))
    return [_page(file.stem, file.read_bytes(), None, setting) for file in files]


def _page(name: str, data: bytes, expected: str | None, setting: Setting) -> Page:
    text = text_of(data, declared_encoding(data))
    try:
        article = read_page(text, setting)
        read, title = article.body, article.title
    except Refused:
        read = title = ""
    alone = trafilatura.extract(text) or ""
    return Page(name, _contained(name, text) if expected is None else expected, read, alone, title)


def _contained(name: str, text: str) -> str:
    containers = load_html(text).xpath(_CONTAINERS[name.partition("__")[0]])
    paragraphs = max((found.xpath(".//p") for found in containers), key=len, default=[])
    joined = "\n".join(" ".join(paragraph.xpath(".//text()[not(ancestor::script or ancestor::style)]")) for paragraph in paragraphs)
    return joined if joined.strip() else "\n".join(found.text_content() for found in containers)


def f1(pages: list[Page], attribute: str) -> float:
    """The mean over pages of the F1 of runs of four words (of four characters in Chinese), as the benchmark of the English pages counts."""
    return sum(_f1(page.expected, getattr(page, attribute)) for page in pages) / len(pages)


def _f1(expected: str, found: str) -> float:
    one, other = _shingles(expected), _shingles(found)
    common = (one & other).total()
    return 2 * common / (one.total() + other.total()) if one or other else 1.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words: list[str] = []
    for word in "".join(
        f" {character} " if character in CJK or "\u3400" < character < "\u9fff" else character for character in fold(text)
    ).split():
        if letters := "".join(filter(str.isalnum, word)):
            words.append(letters)
    return Counter(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))
