"""The rules of all features, each in a module of its own."""

from tests.access.features import companies, credit, frame, money, monitoring, news, prospects
from tests.access.rules import Rule

_MODULES = (frame, companies, news, money, prospects, credit, monitoring)
RULES: dict[str, Rule] = {name: rule for module in _MODULES for name, rule in module.RULES.items()}
assert len(RULES) == sum(len(module.RULES) for module in _MODULES), "an address has two rules"
