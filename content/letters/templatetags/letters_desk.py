"""What the page of a template shows beside its form."""

from typing import Any

from django import template
from django.utils.translation import get_language

from crm.kernel.contributions import PaperContext, of

register = template.Library()


@register.simple_tag
def paper_fields() -> list[tuple[Any, list[tuple[str, Any, str]]]]:
    """Each purpose with the fields that its templates may name: as one writes it, its word, a sample in the reader's language."""
    language = get_language() or "en"
    return [
        (
            context.label,
            [(f"{{{{ {field.name} }}}}", field.label, field.samples.get(language, field.samples["en"])) for field in context.fields],
        )
        for context in of(PaperContext)
    ]
