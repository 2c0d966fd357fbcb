"""The characters that Chinese business text is made of: what tells a true reading of bytes from a false one."""

from functools import cache
from pathlib import Path


@cache
def common_characters() -> frozenset[str]:
    """The 1,200 characters of each script that fill 95 % of company lists and business headlines."""
    text = Path(__file__).with_name("common_characters.txt").read_text(encoding="utf-8")
    return frozenset(text) - {"\n"}
