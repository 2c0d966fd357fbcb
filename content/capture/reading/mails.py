"""Mails saved as .eml, and pages that a browser saved as MHTML."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr

from content.capture.reading.articles import Article, Draft, article
from content.capture.reading.encodings import declared_encoding, text_of
from content.capture.reading.limits import Setting
from content.capture.reading.markup import paragraphs_of, text_of_markup
from content.capture.reading.moments import moment_of
from content.capture.reading.pages import read_page
from content.capture.reading.refusals import Refused

_PAGE_ADDRESS = "Snapshot-Content-Location"


def read_mail(data: bytes, setting: Setting) -> Article:
    """The article in a mail: its plain text, else its HTML; subject, date and sender. A saved page is read as one. Refused: no text."""
    mail = message_from_bytes(data, policy=policy.default)
    parts = [part for part in mail.walk() if not part.is_multipart() and part.get_content_disposition() != "attachment"]
    plain = [text for part in parts if part.get_content_type() == "text/plain" and (text := _text(part)).strip()]
    markup = [text for part in parts if part.get_content_type() == "text/html" and (text := _text(part)).strip()]
    if markup and (mail.get_content_type() == "multipart/related" or mail[_PAGE_ADDRESS]) and not plain:
        return read_page(markup[0], setting, url=_header(mail, _PAGE_ADDRESS, data))
    body = "\n\n".join(map(paragraphs_of, plain)) if plain else "\n\n".join(map(text_of_markup, markup))
    if not body.strip():
        raise Refused("no_article")
    moment = moment_of(_header(mail, "Date", data), setting.zone)
    name, sender = parseaddr(_header(mail, "From", data))
    return article(
        Draft(
            title=_header(mail, "Subject", data),
            body=body,
            published_at=None if moment and setting.is_future(moment) else moment,
            author=name or sender,
            source_name=sender.rpartition("@")[2],
        ),
        setting,
    )


def _text(part: Message | EmailMessage) -> str:
    data = part.get_payload(decode=True)
    return text_of(data, part.get_content_charset() or declared_encoding(data)) if isinstance(data, bytes) and data else ""


def _header(mail: Message | EmailMessage, name: str, data: bytes) -> str:
    """A header's text. Chinese mailers write it as bare bytes, which the mail standard does not know; those are read like any text."""
    try:
        value = str(mail[name] or "")
    except (ValueError, LookupError, IndexError):
        value = "\ufffd"
    if "\ufffd" not in value and not re.search("[\udc80-\udcff]", value):
        return value
    raw = re.search(rb"^" + name.encode() + rb":[ \t]*(.*(?:\r?\n[ \t].*)*)", data[:100_000], re.IGNORECASE | re.MULTILINE)
    return " ".join(text_of(raw[1]).split()) if raw else ""
