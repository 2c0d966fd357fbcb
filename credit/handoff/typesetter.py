"""The process that sets a pack: `python -m credit.handoff.typesetter FOLDER`.

Reads FOLDER/pack.json, writes FOLDER/pack.pdf. It limits itself before it looks at the pack; whatever goes wrong ends the process.
"""

import sys
from pathlib import Path

import pylopdf_fonts_zh_cn
import pylopdf_fonts_zh_tw
import typst

from crm.kernel.confined import MEGABYTE, confine

_TEMPLATE = Path(__file__).parent / "typst" / "pack.typ"
_SECONDS = 90
_MEMORY = 2048 * MEGABYTE
_WRITTEN = 200 * MEGABYTE


def main(arguments: list[str]) -> int:
    """Sets the pack in the folder named in `arguments`."""
    folder = Path(arguments[0])
    confine(seconds=_SECONDS, memory_bytes=_MEMORY, written_bytes=_WRITTEN)
    places = [str(package.sans_path().parent) for package in (pylopdf_fonts_zh_tw, pylopdf_fonts_zh_cn)]
    content = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=places),
        ignore_system_fonts=True,
        package_path=str(folder),
        package_cache_path=str(folder),
        sys_inputs={"pack": (folder / "pack.json").read_text(encoding="utf-8")},
        format="pdf",
    )
    (folder / "pack.pdf").write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
