"""How well articles are read out of real pages (../shared/data), beside trafilatura alone."""

import datetime as dt
from zoneinfo import ZoneInfo

from content.capture.reading.limits import Setting
from tests.benchmarks.figures import Figure, rounded
from tests.real import article_figures


def measure() -> list[Figure]:
    """F1 of the bodies and share of right titles, by language; nothing where the pages are not there."""
    if not article_figures.ENGLISH.is_dir():
        return []
    setting = Setting(zone=ZoneInfo("Asia/Hong_Kong"), now=dt.datetime.now(dt.UTC))
    found: list[Figure] = []
    for language, pages in (("en", article_figures.english(setting)), ("zh", article_figures.chinese(setting))):
        alone = rounded(article_figures.f1(pages, "alone"))
        titles = sum(page.has_right_title for page in pages) / len(pages)
        found.append(
            Figure(f"articles.{language}.f1", rounded(article_figures.f1(pages, "read")), "share", f"{alone} of trafilatura alone")
        )
        found.append(Figure(f"articles.{language}.titles", rounded(titles), "share", f"0.95, of {len(pages)} pages"))
    return found
