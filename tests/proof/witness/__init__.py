"""A feature that only counts: how often the work that a logged visit asks for was carried out."""

YEAR = 2026


def prefix_of(visit_id: int) -> str:
    """The name of a visit's counter."""
    return f"w{visit_id}"
