"""Which companies a text names: a book of names, asked about a title and a body. Pure: no models, no network, no clock."""

from content.mentions.book import RULES_VERSION, NameBook
from content.mentions.choices import MentionKind, Reason
from content.mentions.entries import NameEntry, NameKind
from content.mentions.judging import Found

__all__ = ["RULES_VERSION", "Found", "MentionKind", "NameBook", "NameEntry", "NameKind", "Reason"]
