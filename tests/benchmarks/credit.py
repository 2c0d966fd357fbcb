"""Credit packs as files: the PDF of sixty pages of Chinese, the ZIP of half a gigabyte, in processes of their own.

Goals: the PDF in under 3 s and 400 MB; the ZIP at constant memory.
"""

import json
import os
import resource
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, rounded
from tests.benchmarks.stores import environment, run

PAGES, CHARACTERS = 60, 2000
DOCUMENTS, BYTES = 50, 10 * 1024 * 1024
_CHINESE = "本行審閱借款人過去三年經審核賬目及中期管理賬，現金流足以償還本息，應收賬款按期收回，存貨周轉正常。"


def measure() -> list[Figure]:
    """The figures, each by a fresh process."""
    with tempfile.TemporaryDirectory(prefix="rapport-credit-") as name:
        env = environment(Path(name), "", settings="crm.settings.test")
        pdf = json.loads(run(["-W", "ignore", "-m", "tests.benchmarks.credit", "pdf"], env=env))
        zips = ["-W", "ignore", "-m", "tests.benchmarks.credit", "zip", name]
        small, large = (json.loads(run([*zips, str(count)], env=env)) for count in (5, DOCUMENTS))
    size = f"{PAGES} pages of {CHARACTERS} Chinese characters"
    megabytes = round(large["bytes"] / 2**20)
    return [
        Figure("credit.pdf_seconds", rounded(pdf["seconds"]), "s", f"3: {size}, {pdf['pages']} set"),
        Figure("credit.pdf_cpu_seconds", rounded(pdf["cpu"]), "s", "of the typesetter's process"),
        Figure("credit.pdf_memory", rounded(pdf["memory"]), "MB", "400: most of the typesetter's process"),
        Figure(
            "credit.zip_seconds", rounded(large["seconds"]), "s", f"{megabytes} MB of {DOCUMENTS} documents, hashed as they are written"
        ),
        Figure("credit.zip_memory", rounded(large["memory"]), "MB", f"{rounded(small['memory'])} MB with a tenth of the documents"),
        Figure("credit.verify_seconds", rounded(large["verify"]), "s", f"of the same {megabytes} MB"),
    ]


def pack() -> dict[str, Any]:
    """What the typesetter is given for sixty full pages: as `credit.handoff.pdf.describe` gives it."""
    each = PAGES * CHARACTERS // 19
    text = (_CHINESE * (each // len(_CHINESE) + 1))[:each]
    lines = [text[at : at + 400] for at in range(0, each, 400)]
    blocks = [{"kind": "paragraph", "lines": [[[line, ""]]], "rows": []} for line in lines]
    sections = [{"title": f"{number}. 章節", "blocks": blocks, "facts": []} for number in range(1, 20)]
    return {
        "language": "zh-hant", "title": "授信申請", "number": "BM-2026-01",
        "names": ["Benchmark Foods", "金山食品"], "head": [["版本", "1"]],
        "seal": "0" * 64, "day": [2026, 3, 4], "words": {"contents": "目錄", "facts": "紀錄", "empty": "未填寫", "draft": "草稿"},
        "parts": [{"title": "申請書", "kind": "sections", "sections": sections, "attestation": "已確認"}],
        "papers": {"title": "文件", "head": ["代號", "名稱", "位元組", "SHA-256"], "rows": []},
    }  # fmt: skip


def set_one() -> dict[str, Any]:
    """The PDF once, with the typesetter's time and memory."""
    import io

    import django

    django.setup()
    from pypdf import PdfReader

    from credit.handoff.pdf import set_pages

    start = time.perf_counter()
    content = set_pages(pack())
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    pages = len(PdfReader(io.BytesIO(content)).pages)
    return {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024, "pages": pages}


def zip_one(folder: Path, count: int) -> dict[str, Any]:
    """An archive of so many documents, written and checked."""
    from credit.handoff.archive import document_name, index_of, of_bytes, of_file, verify, write
    from credit.handoff.canonical import canonical

    rows = []
    for place in range(1, count + 1):
        path = folder / f"{place}.bin"
        if not path.exists():
            path.write_bytes(os.urandom(BYTES))
        digest = sha256()
        with path.open("rb") as file:
            while piece := file.read(1 << 18):
                digest.update(piece)
        rows.append(of_file(document_name(place, "H10", "a.pdf"), path, BYTES, digest.hexdigest()))
    told = canonical({"documents": [{"name": row.name, "sha256": row.sha256, "size": row.size} for row in rows], "content": {}})
    members = [of_bytes("manifest.json", told), *rows]
    out = folder / f"out-{count}.zip"
    start = time.perf_counter()
    with out.open("wb") as target:
        size = write([index_of(members, told), *members], target)
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    answer = verify(out)
    if not answer["ok"]:
        raise SystemExit(f"the archive is not whole: {answer['problems'][:3]}")
    told_seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"bytes": size, "seconds": seconds, "verify": told_seconds, "memory": memory}


def main(arguments: list[str]) -> int:
    """One measurement, printed as JSON."""
    print(json.dumps(set_one() if arguments[0] == "pdf" else zip_one(Path(arguments[1]), int(arguments[2]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
