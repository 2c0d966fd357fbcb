"""Companies whose very name a row has, though its number leads to another one: one mistyped digit must not rename a company."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from crm.companies.choices import NameKind
from crm.companies.models import CompanyName
from crm.kernel.names.legal import core_name
from prospects.directories.rules import Held, Key, Row
from prospects.directories.selectors import in_chunks


def unmet_names(row: Row, held: Held) -> set[str]:
    """The core names of the row, where by none of them the company is known; nothing where it is known by one."""
    texts = [text for _, text in row.statement.names]
    if not held.names.keys().isdisjoint(texts):
        return set()
    cores = {core_name(text) for text in texts}
    return cores if cores.isdisjoint(map(core_name, held.names)) else set()


def unmet_in(rows: Iterable[Row], taken: Mapping[Key, int], held: Mapping[int, Held]) -> set[str]:
    """The same of all rows whose exact numbers lead to one company held."""
    cores: set[str] = set()
    for row in rows:
        targets = {taken[key] for key in row.statement.keys if key in taken}
        if len(targets) == 1:
            cores |= unmet_names(row, held[targets.pop()])
    return cores


def bearers_of(cores: Iterable[str]) -> Mapping[str, set[int]]:
    """The companies held that bear these core names today."""
    found: dict[str, set[int]] = defaultdict(set)
    names = CompanyName.objects.filter(company__merged_into=None).exclude(kind=NameKind.FORMER)
    for chunk in in_chunks(sorted(cores)):
        for core, pk in names.filter(core__in=chunk).values_list("core", "company_id"):
            found[core].add(pk)
    return found
