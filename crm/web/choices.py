"""The words of a list's address."""

SEARCH, SORT, SIZE = "q", "sort", "size"
CURSOR, PANEL, VIEW = "cursor", "filters", "view"

PLACE_PARAMETERS = (CURSOR, PANEL, VIEW)
"""Parameters that say where one stands in a list or how it is drawn, not what is in it."""
