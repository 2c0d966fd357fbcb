"""The sentences for files and rows that are not taken, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "empty": _("The file is empty."),
    "too_big": _("The file is larger than %(limit)s MB."),
    "unpacks_too_big": _("The file unpacks to more than %(limit)s MB. Load a smaller part of it."),
    "damaged": _("The file is damaged and cannot be read."),
    "picture": _("The file is a picture. Load the article as a web page, text, mail or PDF with text."),
    "document": _("The file is an office document. Save it as PDF or text, or paste its text."),
    "archive": _("The file is a packed archive. Unpack it and load what is in it."),
    "binary": _("The file is no text and nothing that we know."),
    "xml": _("The file is XML, but neither a feed (RSS, Atom) nor a web page."),
    "json": _("The file is JSON, but no list of articles."),
    "encoding_unknown": _("The text is in no encoding that we know, or is damaged. Save it as UTF-8 and load it again."),
    "encoding_doubtful": _("The text can be read in two encodings, and a wrong guess would garble it. Save it as UTF-8 and load it again."),
    "damaged_text": _("Characters of the text are damaged."),
    "no_article": _("No article was found in the file."),
    "stub": _("Only the beginning of an article was found (%(found)s characters). The rest may be for subscribers only."),
    "page_too_big": _("The web page has more than %(limit)s million characters, which no article has."),
    "no_entries": _("The file holds no entry."),
    "entities": _("The file defines XML entities, which real feeds never do. It was not opened."),
    "no_headings": _(
        "The file is a table, but no column is called title, text, date or the like. Put a row with the names of the columns above it."
    ),
    "no_feed": _("What stands at the address is no feed (RSS, Atom)."),
    "no_text": _("There is neither a title nor a text."),
    "article_too_long": _("The article has more than %(limit)s characters."),
    "too_many_articles": _("The file holds more than %(limit)s articles. Divide it and load the parts."),
    "bad_date": _("This is no date that we can read."),
    "future_date": _("The date lies in the future."),
    "bad_json": _("The line is no JSON object."),
    "password": _("The document is protected by a password."),
    "too_many_pages": _("The document has more than %(limit)s pages."),
    "scanned": _("The document holds pictures of pages, but no text."),
    "too_slow": _("The file took longer than %(limit)s seconds to read and was given up."),
    "too_much_memory": _("The file needs more than %(limit)s MB of memory to read and was given up."),
    "crashed": _("The file made the reader stop, which damaged files do."),
}


def sentence(code: str, params: Mapping[str, object]) -> Promise:
    """The sentence of a refusal, put together only when it is shown, so in the language of whoever reads it."""
    return lazystr(_Deferred(code, params))


class _Deferred:
    def __init__(self, code: str, params: Mapping[str, object]) -> None:
        self._code = code
        self._params = dict(params)

    def __str__(self) -> str:
        return str(SENTENCES[self._code]) % self._params
