"""Whether a company is known already: exact keys, and how like it is to those that share a block (domain 2.4). Batch-friendly."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from crm.companies.indexing import match_keys_of
from crm.companies.models import Address, Company, CompanyName, Identifier, MatchKey, Officer
from crm.companies.rules import CompanyFacts, mail_domain, names_by_script, phone_numbers
from crm.kernel.names.legal import split_scripts
from crm.kernel.names.likeness import Likeness, company_score
from crm.kernel.names.people import person_keys
from crm.policy import selectors as policy

Key = tuple[str, str, str]
"""(kind, scope, value) of an identifier, tidied."""

COMPARED_AT_MOST = 200
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company that may be the same, with its score from 0 to 100."""

    company_id: int
    name_en: str
    name_zh: str
    score: int


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search for the same company found: exact keys that others hold, and candidates, likest first."""

    taken: dict[Key, int]
    candidates: tuple[Candidate, ...]
    blocks_from: int

    @property
    def exact_id(self) -> int | None:
        """The company that holds one of the exact keys."""
        return next(iter(self.taken.values()), None)

    @property
    def blocking(self) -> tuple[Candidate, ...]:
        """Candidates so like that a second record is refused."""
        return tuple(candidate for candidate in self.candidates if candidate.score >= self.blocks_from)


def find_matches(facts: CompanyFacts, *, jurisdiction: str, on: dt.date, leaving_out: int | None = None) -> Matches:
    """Exact keys taken by others and candidates of at least the score that is shown (policy `companies.match`), for one company."""
    figures = policy.table("companies.match", jurisdiction=jurisdiction, on=on)
    names = [name.text for name in names_by_script(facts.names)]
    keys = match_keys_of(names=names, phone=facts.phone, email=facts.email, website=facts.website)
    ids = [pk for pk in sharing_keys(keys) if pk != leaving_out]
    scored = scores(likeness_from(facts), likenesses(ids), at_least=int(figures["show"]))
    shown = Company.objects.in_bulk(list(scored))
    candidates = (Candidate(pk, shown[pk].name_en, shown[pk].name_zh, score) for pk, score in scored.items())
    found = {key: pk for key, pk in taken(identifier.key for identifier in facts.identifiers).items() if pk != leaving_out}
    return Matches(found, tuple(sorted(candidates, key=lambda candidate: (-candidate.score, candidate.company_id))), int(figures["block"]))


def taken(keys: Iterable[Key]) -> dict[Key, int]:
    """Which of these exact keys companies hold already, and which company."""
    values: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, scope, value in set(keys):
        values[kind, scope].append(value)
    found: dict[Key, int] = {}
    for (kind, scope), numbers in values.items():
        for start in range(0, len(numbers), _CHUNK):
            rows = Identifier.objects.filter(kind=kind, scope=scope, value__in=numbers[start : start + _CHUNK])
            found |= {(kind, scope, value): pk for value, pk in rows.values_list("value", "company_id")}
    return found


def sharing_keys(keys: Iterable[str], *, at_most: int = COMPARED_AT_MOST) -> list[int]:
    """The companies that share a match key, those that share most first."""
    rows = MatchKey.objects.filter(Q(key__in=list(keys)), company__merged_into=None).values("company_id").annotate(shared=Count("pk"))
    return [row["company_id"] for row in rows.order_by("-shared", "company_id")[:at_most]]


def scores(one: Likeness, others: dict[int, Likeness], *, at_least: int) -> dict[int, int]:
    """The companies whose likeness reaches a score, each with it."""
    scored = {pk: company_score(one, other) for pk, other in others.items()}
    return {pk: score for pk, score in scored.items() if score >= at_least}


def likeness_from(facts: CompanyFacts) -> Likeness:
    """What is compared of a company that somebody states."""
    domain = mail_domain(facts.email, facts.website)
    return Likeness(
        names=tuple(name.text for name in names_by_script(facts.names)),
        phones=phone_numbers(facts.phone),
        addresses=tuple(text for address in facts.addresses for text in (address.text_en, address.text_zh) if text),
        email_domains=frozenset({domain} if domain else ()),
        directors=directors_of(name for name, _ in facts.officers),
    )


def likenesses(company_ids: Sequence[int]) -> dict[int, Likeness]:
    """What is compared of companies that we know. Four queries for each 400 of them."""
    found: dict[int, Likeness] = {}
    for start in range(0, len(company_ids), _CHUNK):
        ids = company_ids[start : start + _CHUNK]
        names, addresses, officers = (
            _texts(CompanyName, ids, "text"),
            _texts(Address, ids, "text_en", "text_zh"),
            _texts(Officer, ids, "name"),
        )
        for pk, phone, email, website in Company.objects.filter(pk__in=ids).values_list("pk", "phone", "email", "website"):
            domain = mail_domain(email, website)
            found[pk] = Likeness(
                names=tuple(names[pk]),
                phones=phone_numbers(phone),
                addresses=tuple(addresses[pk]),
                email_domains=frozenset({domain} if domain else ()),
                directors=directors_of(officers[pk]),
            )
    return found


def directors_of(names: Iterable[str]) -> frozenset[str]:
    """The keys under which two spellings of a director meet."""
    return frozenset(key for name in names for key in person_keys(*split_scripts(name)))


def _texts(model: type[CompanyName] | type[Address] | type[Officer], ids: Sequence[int], *columns: str) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for pk, *texts in model.objects.filter(company_id__in=ids).values_list("company_id", *columns):
        found[pk] += [text for text in texts if text]
    return found
