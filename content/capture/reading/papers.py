"""Mails and PDF papers into articles."""

import email
import email.policy
import io
import re
from email.message import EmailMessage

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from content.capture.reading.articles import LIMITS, Article, Refused
from content.capture.reading.dates import iso
from content.capture.reading.pages import plain
from content.capture.reading.texts import decode, language_of, one_line, tidy

_FORWARDED = re.compile(r"^\s*(?:(?:fwd?|re|轉寄|转发|轉發|回覆|回复)\s*[:：]\s*)+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_HYPHEN = re.compile(r"(?<=[a-z])-\n(?=[a-z])")


def read_mail(data: bytes) -> Article:
    """A forwarded mail: subject, text (of HTML alone: its text), date, sender. Refused where there is nothing to read."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise Refused("damaged")
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        raise Refused("no_article")
    raw = part.get_payload(decode=True)
    content = decode(raw, part.get_content_charset("") or "")[0] if isinstance(raw, bytes) else ""
    body = plain(content) if part.get_content_subtype() == "html" else tidy(content, LIMITS.article_characters)
    title = _FORWARDED.sub("", one_line(str(message.get("subject", ""))))
    if not title and not body:
        raise Refused("no_article")
    sender = one_line(str(message.get("from", "")))
    address = _ADDRESS.search(body)
    return Article(
        row=1,
        title=title or one_line(body.split("\n", 1)[0])[:120],
        body=body,
        published=iso(str(message.get("date", ""))),
        author=re.sub(r"\s*<[^>]*>", "", sender).strip('" '),
        url=address[0].rstrip(".,)") if address else "",
        language=language_of(f"{title}\n{body}"),
    )


def read_pdf(data: bytes) -> Article:
    """A paper as PDF: its text, its title where it states one, else the first line. Refused: locked, damaged, or a mere picture."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("locked")
        pages = [page.extract_text() or "" for page in reader.pages[: LIMITS.pages]]
        stated, made = (reader.metadata.title, reader.metadata.creation_date_raw) if reader.metadata else ("", "")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
        raise Refused("damaged") from error
    body = tidy(_HYPHEN.sub("", "\n\n".join(pages)), LIMITS.article_characters)
    if len(body) < 20:
        raise Refused("no_text")
    first = one_line(body.split("\n", 1)[0])
    title = one_line(stated or "")
    made = (made or "").removeprefix("D:")[:14]
    return Article(1, title if len(title) > 5 else first[:120], body, iso(made), language=language_of(body))
