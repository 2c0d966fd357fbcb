"""Amounts and line names in templates."""

from decimal import Decimal

from django import template

from credit.spreads.lines import lines
from credit.spreads.showing import amount

register = template.Library()


@register.simple_tag
def spread_amount(value: Decimal | int) -> str:
    """An amount as spreads write it: grouped."""
    return amount(Decimal(value))


@register.simple_tag
def spread_line(code: str) -> str:
    """A line's name in the reader's language."""
    return lines()[code].name if code in lines() else ""
