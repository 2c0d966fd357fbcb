"""Companies and people whose names somebody may have meant: found by ranges of their keys, then compared letter by letter.

Whom the reader may not see is left out before anything is counted or cut, so hidden names change neither what is offered nor its cost.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from crm.companies.models import Company, Contact, ContactKey, SearchKey
from crm.companies.querysets import WithKeyIn
from crm.kernel.contributions import NearName
from crm.kernel.names.spelling import key_ranges, likely

COMPARED = 200


def near_companies(user: Any, words: Sequence[str]) -> Iterator[NearName]:
    """Companies, for the lobby too: by the two names that everybody reads. One statement."""
    seen = Company.objects.filter(merged_into=None) if user is None else Company.objects.visible_to(user)
    yield from _near(seen, SearchKey, words, is_person=False)


def near_people(user: Any, words: Sequence[str]) -> Iterator[NearName]:
    """People within coverage; their phones are no names. One statement."""
    seen = Contact.objects.filter(company__merged_into=None) if user is None else Contact.objects.visible_to(user)
    yield from _near(seen, ContactKey, words, is_person=True)


def _near(seen: QuerySet[Any], keys: Any, words: Sequence[str], *, is_person: bool) -> Iterator[NearName]:
    ranges = [span for word in words for span in key_ranges(word)]
    rows = seen.filter(WithKeyIn("pk", keys, ranges)).order_by("pk")
    for names in rows.values_list("name_en", "name_zh")[:COMPARED]:
        for word in words:
            for name in names:
                near = likely(word, name, is_person=is_person) if name else None
                if near:
                    yield NearName(word, near.text, name, near.distance)
