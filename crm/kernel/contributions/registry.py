"""Where contributions are kept: added at start-up, asked for by kind."""

from typing import Any, TypeVar

T = TypeVar("T")
_registry: dict[type, list[Any]] = {}


def register(*contributions: Any) -> None:
    """Add contributions. The same one twice is kept once."""
    for contribution in contributions:
        kept = _registry.setdefault(type(contribution), [])
        if contribution not in kept:
            kept.append(contribution)


def of(kind: type[T]) -> list[T]:
    """All contributions of a kind, by their `order` where they have one."""
    return sorted(_registry.get(kind, ()), key=lambda item: getattr(item, "order", 0))


def always(user: Any) -> bool:
    """Shown to everybody who is signed in and holds a post."""
    return bool(user.actor.posts)
