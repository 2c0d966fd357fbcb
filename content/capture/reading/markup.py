"""From markup to plain text in which nothing can act: what leaves here holds no tag, no entity that hides one, and no control character."""

import html
import re
from html.parser import HTMLParser

from crm.kernel.text import strip_controls

_ELEMENTS = (
    "a|abbr|acronym|address|animate|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|bgsound|big|blink|blockquote|body|br|button|canvas"
    "|caption|center|cite|code|col|colgroup|data|datalist|dd|del|details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|font"
    "|footer|foreignobject|form|frame|frameset|h[1-6]|head|header|hgroup|hr|html|i|iframe|image|img|input|ins|isindex|kbd|keygen|label|layer"
    "|legend|li|link|listing|main|map|mark|marquee|math|menu|meta|meter|nav|nobr|noembed|noframes|noscript|object|ol|optgroup|option|output|p"
    "|param|picture|plaintext|portal|pre|progress|q|rb|rp|rt|rtc|ruby|s|samp|script|search|section|select|set|slot|small|source|spacer|span"
    "|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|use|var|video|wbr|xml|xmp"
)
_TAG = re.compile(rf"</?(?:{_ELEMENTS})(?=[\s/>])[^<>]*>|<!--.*?-->|<![^<>]*>|<\?[^<>]*>", re.IGNORECASE | re.DOTALL)
_BRACKETED = re.compile(r"<([A-Za-z][^<>=\n]{0,120})>")
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LOOKS_LIKE_MARKUP = re.compile(
    r"<(?:p|br|div|span|a|b|i|strong|em|ul|li|img|table|h[1-6]|font|script|section|article)\b[^<>]*>", re.IGNORECASE
)

_LOST = "\ufffd"
_BLANKS = re.compile("[^\\S\n]+")
_BREAKS = re.compile("\n{2,}")

_SILENT = frozenset(
    {"script", "style", "head", "title", "noscript", "template", "iframe", "object", "svg", "math", "textarea", "select", "xmp"}
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)


def without_markup(text: str) -> str:
    """`text` with no sequence left that a browser would take for a tag, however often it was escaped or nested.

    Known elements are taken out. Other words in angle brackets, as wires write names (<Banca Nazionale - BNL>), keep their words in ‹ ›.
    """
    if "<" not in text:
        return text
    before = ""
    while before != text:
        before, text = text, _TAG.sub("", text)
    return _OPENING.sub("‹", _BRACKETED.sub(r"‹\1›", text))


def line_of(text: str) -> str:
    """One line of plain text out of a title, a name or a heading, in which entities may stand."""
    return " ".join(without_markup(_without_controls(_unescaped(text))).split())


def paragraphs_of(text: str) -> str:
    """Plain text with a blank line between paragraphs. Where the text has no blank line, each of its lines is a paragraph."""
    text = without_markup(_without_controls(text))
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    joined = "\n".join(lines).strip("\n")
    if "\n\n" not in joined:
        return "\n\n".join(line for line in lines if line)
    return _BREAKS.sub("\n\n", joined)


def text_of_markup(markup: str) -> str:
    """The plain text of a fragment of HTML: its blocks become paragraphs; scripts, styles and the like leave nothing."""
    reader = _TextOfMarkup()
    reader.feed(markup)
    reader.close()
    return paragraphs_of(reader.text())


def text_of_cell(text: str) -> str:
    """The plain text of a value that may be HTML or text, as archives hold either."""
    return text_of_markup(text) if _LOOKS_LIKE_MARKUP.search(text) else paragraphs_of(_unescaped(text))


def _without_controls(text: str) -> str:
    """As the kernel strips them, but U+FFFD stays: it says that a character was lost, for which the article will be refused."""
    return _LOST.join(strip_controls(part) for part in text.split(_LOST))


def _unescaped(text: str) -> str:
    """Entities become characters, twice, since feeds and archives are often escaped once too often."""
    for _ in range(2):
        if "&" not in text:
            return text
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return text


class _TextOfMarkup(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BLOCKS:
            self._parts.append("\n\n")
        elif tag == "br":
            self._parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        elif tag in _BLOCKS:
            self._parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(re.sub(r"\s+", " ", data))

    def text(self) -> str:
        """What was read; one line break of the source stays one."""
        return "".join(self._parts)
