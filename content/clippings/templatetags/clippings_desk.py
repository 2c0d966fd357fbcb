"""What the editors' desk asks for in its templates."""

from typing import Any

from django import template

from content.clippings.models import Clipping
from content.clippings.services.stories import near_copies as find_near_copies

register = template.Library()


@register.simple_tag
def near_copies(clipping: Any) -> list[Clipping]:
    """The published clippings that this one is a near copy of."""
    return find_near_copies(clipping) if isinstance(clipping, Clipping) and clipping.pk else []
