"""Articles read out of real pages, archives, wires and feeds."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from content.capture.reading.guarded import read_file
from content.capture.reading.limits import Setting
from content.capture.reading.reading import articles_in
from content.capture.reading.refusals import Refused
from tests.real import article_figures as figures

DATA = figures.DATA
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
NOW = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)

pytestmark = pytest.mark.skipif(not figures.ENGLISH.is_dir(), reason="the saved pages are not beside this checkout (../shared/data)")


@pytest.mark.slow
@pytest.mark.parametrize("pages_of", [figures.english, figures.chinese])
def test_bodies_are_as_good_as_those_of_trafilatura_alone_and_titles_right_in_95_of_100(pages_of):
    pages = pages_of(Setting(zone=HONG_KONG, now=NOW))
    assert len(pages) >= 25
    assert all(page.expected.strip() for page in pages)
    assert figures.f1(pages, "read") >= figures.f1(pages, "alone")
    assert sum(page.has_right_title for page in pages) >= 0.95 * len(pages)


@pytest.mark.parametrize(
    ("folder", "pattern", "language", "row_count", "refused"),
    [
        ("cnyes_headlines_zh_hant", "*01.csv", "zh-hant", 2408, 0),
        ("cn_newsflash_2019", "*.csv", "zh-hans", 1000, 0),
        ("reuters21578_sgml", "*001.sgm.gz", "en", 1000, 0),
        ("reuters21578_sgml", "*017.sgm.gz", "en", 1000, 2),
    ],
)
def test_an_archive_comes_whole_with_its_times_and_its_language(folder, pattern, language, row_count, refused):
    (path,) = (DATA / folder).glob(pattern)
    reading = read_file(path, path.name, default_zone=HONG_KONG, now=NOW)
    assert (len(reading.articles), len(reading.refusals)) == (row_count - refused, refused)
    assert all(article.title and article.published_at for article in reading.articles)
    assert sum(article.language == language for article in reading.articles) >= 0.95 * row_count


def _feeds() -> list[Path]:
    return sorted([*(DATA / "feeds_rss").glob("*.*"), *(DATA / "feeds_encodings").glob("*.xml")]) if DATA.is_dir() else []


def test_every_feed_is_read_or_refused_with_a_reason_and_no_tag_is_left():
    articles, codes = [], set()
    for path in (path for path in _feeds() if path.suffix != ".md"):
        try:
            for found in articles_in(path.read_bytes(), Setting(zone=HONG_KONG, now=NOW)):
                if isinstance(found, Refused):
                    codes.add(found.code)
                else:
                    articles.append(found)
        except Refused as refused:
            codes.add(refused.code)
    assert len(articles) >= 350
    assert codes <= {"no_entries", "no_text", "stub", "damaged_text", "encoding_unknown", "xml"}
    assert not [article for article in articles if "</" in article.title + article.body]
