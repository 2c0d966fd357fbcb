"""Which companies a text names: a book of names, folded as texts are, and asked of each text at once."""

from content.mentions.book import NameBook
from content.mentions.values import Found, NameEntry, Reason

__all__ = ["Found", "NameBook", "NameEntry", "Reason"]
