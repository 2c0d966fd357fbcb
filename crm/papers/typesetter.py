"""The process that sets a letter: `python -m crm.papers.typesetter FOLDER`.

Reads FOLDER/letter.json, writes FOLDER/letter.pdf, and to standard output one JSON object: the text that stands in the PDF, or the
characters that no typeface has ("unshown"). It limits itself before it looks at the letter; whatever else goes wrong ends the process.
"""

import json
import re
import sys
from pathlib import Path

import pylopdf_fonts_zh_cn
import pylopdf_fonts_zh_tw
import typst
from pypdf import PdfReader

from crm.kernel.confined import MEGABYTE, confine

_TEMPLATE = Path(__file__).parent / "typst" / "letter.typ"
_SECONDS = 20
_MEMORY = 1024 * MEGABYTE
_WRITTEN = 50 * MEGABYTE
_UNSHOWN = re.compile(r"(?:the text|contains the codepoint) `\"(.+?)\"`")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def main(arguments: list[str]) -> int:
    """Sets the letter in the folder named in `arguments`."""
    folder = Path(arguments[0])
    confine(seconds=_SECONDS, memory_bytes=_MEMORY, written_bytes=_WRITTEN)
    try:
        content = _set(folder)
    except typst.TypstError as error:
        unshown = _UNSHOWN.search(error.message)
        if unshown is None:
            raise
        json.dump({"unshown": _ESCAPED.sub(lambda code: f"U+{code[1].upper()}", unshown[1])}, sys.stdout)
        return 0
    (folder / "letter.pdf").write_bytes(content)
    json.dump({"text": _text(folder / "letter.pdf")}, sys.stdout)
    return 0


def _set(folder: Path) -> bytes:
    """Only our own template and the typefaces of our packages are read; packages of typst have an empty place to come from."""
    places = [str(package.sans_path().parent) for package in (pylopdf_fonts_zh_tw, pylopdf_fonts_zh_cn)]
    return typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=places),
        ignore_system_fonts=True,
        package_path=str(folder),
        package_cache_path=str(folder),
        sys_inputs={"letter": (folder / "letter.json").read_text(encoding="utf-8")},
        format="pdf",
        pdf_standards="a-2a",
    )


def _text(path: Path) -> str:
    """All pages as one text: the numbers of pages stand between no two words."""
    reader = PdfReader(path)
    texts = [page.extract_text() for page in reader.pages]
    return "\n".join(re.sub(rf"(?m)^\s*{number} / {len(texts)}\s*$", "", text) for number, text in enumerate(texts, start=1))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
