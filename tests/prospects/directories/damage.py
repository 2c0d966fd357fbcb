"""Damages copies of directories and reads them, many in one process: `python -m tests.prospects.directories.damage FOLDER FIRST`.

The process prints the number of each file before it reads it, so that a crash of the parser can be told from the last line.
"""

import io
import random
import resource
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

from django.conf import settings

from prospects.directories.mapping import propose, to_facts
from prospects.directories.reading.refusals import Refused
from prospects.directories.reading.tables import open_table

MEMORY_BYTES = 1024 * 1024 * 1024


def write_damaged(originals: list[Path], folder: Path, count: int, seed: int) -> None:
    """`count` files in `folder`, numbered, each a damaged copy of one of the originals."""
    dice = random.Random(seed)
    whole = [path.read_bytes() for path in originals]
    for number in range(count):
        body = whole[number % len(whole)]
        (folder / f"{number:04}").write_bytes(_within(body, dice) if body[:2] == b"PK" and dice.random() < 0.6 else _damaged(body, dice))


def _damaged(body: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.choice((1, 1, 2, 5))):
        at = dice.randrange(len(body) + 1)
        end = min(len(body), at + dice.choice((1, 2, 7, 40, 300)))
        body = dice.choice(
            (
                lambda at=at, end=end, body=body: body[:at] + dice.randbytes(end - at) + body[end:],
                lambda at=at, end=end, body=body: body[:at] + body[end:],
                lambda at=at, end=end, body=body: body[:end] + body[at:],
                lambda at=at, end=end, body=body: body[:at] + bytes(end - at) + body[end:],
                lambda at=at, body=body: body[:at],
                lambda at=at, body=body: body[at:] + body[:at],
                lambda at=at, body=body: body[:at] + dice.choice((b'"', b"\n", b"\t", b"<", b"&", b"\x80", b"\xff\xfe")) + body[at:],
            )
        )()
    return body


def _within(body: bytes, dice: random.Random) -> bytes:
    """A container that is sound, around one damaged part."""
    after = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as container:
        chosen = dice.choice(before.namelist())
        for name in before.namelist():
            part = before.read(name)
            container.writestr(name, _damaged(part, dice) if name == chosen else part)
    return after.getvalue()


def read_damaged(folder: Path) -> tuple[Counter[str], list[int]]:
    """How often each answer came ("table" or the code of a refusal), and the numbers of the files at which the process died."""
    answers: Counter[str] = Counter()
    deaths: list[int] = []
    files, first = len(list(folder.iterdir())), 0
    while first < files:
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(folder), str(first)], capture_output=True, text=True, check=False, timeout=120
        )
        lines = [line.split() for line in done.stdout.splitlines()]
        answers.update(line[1] for line in lines if len(line) == 2)
        if done.returncode == 0:
            break
        assert lines, done.stderr
        first = int(lines[-1][0]) + 1
        deaths.append(first - 1)
    return answers, deaths


def main(folder: Path, first: int) -> None:
    """Reads the files from number `first` on, and maps what can be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    settings.configure(USE_I18N=False)

    for path in sorted(folder.iterdir())[first:]:
        print(path.name, end=" ", flush=True)
        try:
            table = open_table(path, name=path.name)
            rows = list(table.rows)
        except Refused as refused:
            print(refused.code)
            continue
        mapping = propose(table.columns, [cells for _, cells in rows], path.name)
        for _, cells in rows:
            to_facts(mapping, cells)
        print("table")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
