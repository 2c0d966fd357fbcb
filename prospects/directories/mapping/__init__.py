"""From the columns of a company list to facts about companies: what each column means, proposed and then applied row by row."""

from prospects.directories.mapping.columns import Mapping, fingerprint_of
from prospects.directories.mapping.conditions import BadCondition, Condition
from prospects.directories.mapping.exchanges import exchange_named, exchange_names
from prospects.directories.mapping.facts import Problem, RefusedRow, RowFacts, to_facts
from prospects.directories.mapping.proposal import propose

__all__ = [
    "BadCondition",
    "Condition",
    "Mapping",
    "Problem",
    "RefusedRow",
    "RowFacts",
    "exchange_named",
    "exchange_names",
    "fingerprint_of",
    "propose",
    "to_facts",
]
