"""Draws texts with marked places."""

from itertools import pairwise

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crm.kernel.highlights import Marked

register = template.Library()


@register.filter
def marked(text: Marked | str) -> SafeString:
    """The text escaped, each of its spans in a <mark>."""
    if isinstance(text, str):
        return format_html("{}", text)
    edges = [0, *(edge for span in text.spans for edge in span), len(text.text)]
    pieces = [text.text[start:end] for start, end in pairwise(edges)]
    pairs = ((pieces[place], pieces[place + 1]) for place in range(0, len(pieces) - 1, 2))
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pairs), pieces[-1])
