"""The three catalogues against the sources: `python -m tests.catalogues [--update]`.

Finds every string that goes through gettext in Python and templates (with Babel, so no gettext tools are needed) and compares it with
crm/locale. `--update` adds what is new, drops what is gone, and fills the English catalogue.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "crm" / "locale"
LANGUAGES = ("en", "zh_Hant", "zh_Hans")
FOLDERS = ("crm", "prospects", "search", "content", "credit")
KEYWORDS = {
    "_": None, "_now": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")

Key = tuple[str, str, str]  # context, singular, plural


def sources() -> Iterator[tuple[Path, str]]:
    """Python files as they are, templates as Python-like text."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")) if (ROOT / folder).exists() else ():
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
        for pattern in ("*.html", "*.txt"):
            for path in sorted((ROOT / folder).rglob(f"templates/**/{pattern}")) if (ROOT / folder).exists() else ():
                yield path, templatize(path.read_text(encoding="utf-8"), origin=str(path))


@cache
def found() -> dict[Key, list[str]]:
    """Every message with the places where it stands. Read once: nobody writes sources meanwhile."""
    messages: dict[Key, list[str]] = {}
    for path, text in sources():
        for line, message, _comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
            if singular:
                messages.setdefault((context or "", singular, plural or ""), []).append(f"{path.relative_to(ROOT)}:{line}")
    return messages


def placeholders(text: str) -> set[str]:
    """The named placeholders of a message."""
    return {match.group(0) for match in _PLACEHOLDER.finditer(text)}


def problems() -> list[str]:
    """What is missing, left over, untranslated or has other placeholders, a sentence each."""
    wanted, said = found(), []
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        entries = {(e.msgctxt or "", e.msgid, e.msgid_plural or ""): e for e in (polib.pofile(str(path)) if path.exists() else ())}
        said += [f"{language}: missing: {key[1]!r} ({places[0]})" for key, places in wanted.items() if key not in entries]
        said += [f"{language}: left over: {key[1]!r}" for key in entries if key not in wanted]
        for key, entry in entries.items():
            texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
            if not all(texts) or entry.fuzzy:
                said.append(f"{language}: not translated: {key[1]!r}")
                continue
            allowed = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
            said += [f"{language}: other placeholders: {text!r}" for text in texts if not placeholders(text) <= allowed or (
                not entry.msgid_plural and placeholders(text) != allowed)]  # fmt: skip
    return said


def update() -> None:
    """Bring the catalogues in line with the sources; what is new waits empty, but for English."""
    wanted = found()
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {(e.msgctxt or "", e.msgid, e.msgid_plural or ""): e for e in (polib.pofile(str(path)) if path.exists() else ())}
        catalogue = polib.POFile(wrapwidth=0)
        forms = "nplurals=2; plural=(n != 1);" if language == "en" else "nplurals=1; plural=0;"
        catalogue.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Language": language,
            "Plural-Forms": forms,
        }
        for key in sorted(wanted, key=lambda key: (key[1].casefold(), key)):
            context, singular, plural = key
            entry = kept.get(key) or polib.POEntry(msgid=singular, msgid_plural=plural, msgctxt=context or None)
            if language == "en":
                entry.msgstr, entry.msgstr_plural = ("", {0: singular, 1: plural}) if plural else (singular, {})
            elif plural and not entry.msgstr_plural:
                entry.msgstr_plural = {0: ""}
            entry.occurrences = []
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"] + (
                ["python-format"] if "%(" in singular and "python-format" not in entry.flags else []
            )
            catalogue.append(entry)
        catalogue.save(str(path))


def main() -> int:
    """Update where asked; then say what is wrong. 0 where nothing is."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--update", action="store_true")
    told = ask.parse_args()
    if told.update:
        update()
    said = problems()
    sys.stdout.writelines(f"{line}\n" for line in said)
    sys.stdout.write(f"{len(found())} messages, {len(said)} problems\n")
    return 1 if said else 0


if __name__ == "__main__":
    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    sys.exit(main())
