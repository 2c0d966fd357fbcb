"""How much a file may ask of us before it is refused."""

from dataclasses import dataclass

from crm.kernel.confined import MEGABYTE


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Ceilings for one file. The cell size is the one of Excel; sizes are bytes, `seconds` is wall time."""

    file_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 300 * MEGABYTE
    packing_ratio: int = 200
    packing_ratio_from_bytes: int = 10 * MEGABYTE
    container_parts: int = 2_000
    rows: int = 200_000
    columns: int = 500
    cell_characters: int = 32_767
    seconds: int = 30
    memory_bytes: int = 512 * MEGABYTE
