"""The answer to "may this person do that": allowed, or denied with the sentence that the button and the refusal both show."""

from dataclasses import dataclass

from crm.kernel.errors import NotAllowed, Sentence


@dataclass(frozen=True)
class Permission:
    """Usable as a boolean; `reason` is empty where it is allowed."""

    allowed: bool
    reason: Sentence = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise NotAllowed with the reason where it is denied."""
        if not self.allowed:
            raise NotAllowed(self.reason)


ALLOWED = Permission(True)


def denied(reason: Sentence) -> Permission:
    """A refusal and its reason."""
    return Permission(False, reason)
