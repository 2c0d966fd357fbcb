"""The errors that a business operation may end in. Their message is written for the person who asked."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

Sentence = str | Promise


class DomainError(Exception):
    """A business operation was refused. `fields` maps form fields to sentences of their own."""

    code = "refused"

    def __init__(self, message: Sentence, *, code: str | None = None, fields: Mapping[str, Sentence] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """The person may see the record, but not do this with it."""

    code = "not_allowed"


class RuleBroken(DomainError):
    """A rule of the bank, or the input, stands against it."""

    code = "rule_broken"


class InvalidTransition(DomainError):
    """The record is in a state from which this step does not lead on."""

    code = "invalid_transition"


class StaleVersion(DomainError):
    """Somebody else saved the record meanwhile. `current` holds the values that stand now."""

    code = "stale_version"

    def __init__(self, message: Sentence, *, current: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.current = dict(current)
