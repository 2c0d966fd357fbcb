"""Addresses of records, remembered: pages name the same few patterns hundreds of times, and `reverse` works each out anew."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

# A number that stands in no pattern of ours: where it appears in the address, a record's own number goes.
_PLACE = 9_007_199_254_740_881


def url_of(name: str, pk: int | None = None) -> str:
    """What `reverse(name)` or `reverse(name, args=[pk])` says. Raises NoReverseMatch as that does."""
    before, after = _around(name, pk is not None, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    return before if pk is None else f"{before}{pk}{after}"


@lru_cache(maxsize=1_024)
def _around(name: str, of_record: bool, urlconf: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the record's number."""
    if not of_record:
        return reverse(name, urlconf=urlconf), ""
    before, _, after = reverse(name, urlconf=urlconf, args=[_PLACE]).partition(str(_PLACE))
    return before, after
