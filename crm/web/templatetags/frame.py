"""What templates draw without working it out anew each time: addresses, and parts that are the same for everybody in a language."""

from typing import Any

from django import template
from django.template import Node, NodeList
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from crm.kernel.addresses import url_of

register = template.Library()


class AddressNode(URLNode):
    """`{% url %}` as Django has it, remembered for a record's number or for none."""

    def render(self, context: Context) -> str:
        """The address, into the page or, with `as`, into the context."""
        keys = [argument.resolve(context) for argument in self.args]
        if self.kwargs or len(keys) > 1 or not all(type(key) is int for key in keys):
            return super().render(context)
        try:
            found = url_of(self.view_name.resolve(context), *keys)
        except NoReverseMatch:
            return super().render(context)  # which says what is wrong, or is silent under `as`
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


class SameForAllNode(Node):
    """A part of a page that depends on nothing but the language."""

    def __init__(self, content: NodeList) -> None:
        self.content = content
        self.drawn: dict[str, str] = {}

    def render(self, context: Context) -> str:
        """Drawn once for each language."""
        language = get_language() or ""
        drawn = self.drawn.get(language)
        if drawn is None:
            drawn = self.drawn[language] = self.content.render(context)
        return drawn


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """`{% url name %}`, `{% url name pk %}`, `{% url name pk as address %}` and all that Django's own takes."""
    node: Any = django_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


@register.tag
def sameforall(parser: Parser, token: Token) -> Node:
    """`{% sameforall %}…{% endsameforall %}`: words and symbols that name no person, record or address of a reader."""
    content = parser.parse(("endsameforall",))
    parser.delete_first_token()
    return SameForAllNode(content)
