"""Exchanges as company lists name them: in a column, or in the name of the file."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from crm.kernel.identifiers import IdentifierError, normalise_stock_code
from crm.kernel.text import fold

_NOT_WORD = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def exchange_names() -> dict[str, frozenset[str]]:
    """The names of each exchange, folded, by the scope that its stock codes carry (HKEX, SSE, SZSE, BSE, TWSE, TPEX, US)."""
    table = tomllib.loads(Path(__file__).with_name("exchanges.toml").read_text(encoding="utf-8"))
    return {scope: frozenset(_plain(name) for name in names) for scope, names in table.items()}


def _plain(text: str) -> str:
    return _NOT_WORD.sub(" ", fold(text)).strip()


@lru_cache(maxsize=1024)
def exchange_named(text: str) -> str:
    """The scope of the exchange that `text` is a name of ("XHKG", "Shanghai Stock Exchange", "港交所"), or ""."""
    plain = _plain(text)
    return next((scope for scope, names in exchange_names().items() if plain in names), "")


def exchange_in(text: str) -> str:
    """The one exchange that is mentioned in `text`, such as the name of a file or of its source; "" for none or several."""
    words = f" {_plain(_CAMEL.sub(' ', text))} "
    found = {scope for scope, names in exchange_names().items() if any(_mentions(words, name) for name in names)}
    return found.pop() if len(found) == 1 else ""


def _mentions(words: str, name: str) -> bool:
    """Two letters are too little to be sure of outside a column of their own."""
    return len(name) > 2 and f" {name} " in words if name.isascii() else name in words


def fits(code: str, scope: str) -> bool:
    """Whether `code` can be one of the exchange `scope`."""
    try:
        normalise_stock_code(code, scope)
    except IdentifierError:
        return False
    return True


def exchange_of_code(code: str) -> str:
    """The exchange that a stock code belongs to by its suffix, prefix or shape, or ""."""
    try:
        return normalise_stock_code(code)[0]
    except IdentifierError:
        return ""
