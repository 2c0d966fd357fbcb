"""Refusals beside the field that they belong to."""

from crm.kernel.errors import RuleBroken, Sentence


def refuse(field: str, sentence: Sentence, code: str = "") -> RuleBroken:
    """A refusal that stands beside the field, in forms and the API."""
    return RuleBroken(sentence, code=code or f"bad_{field}", fields={field: sentence})
