"""Business operations on directories. `actor` is a user, or None for the operator at the bank's own console.

read_table(path, name, sheet=, source_name=) -> ReadTable; slow, never in a transaction; UnreadableFile
start_import(actor=, now=, table=, source_name=, as_of=) -> Import
choose_sheet(import_id=, table=, ...) -> Import
set_mapping(import_id=, mapping=, condition=, as_of=, remember=, ...) -> Import
start(import_id=, ...) -> Import
preview(directory_import, actor=, now=) -> [PreviewRow]
decide_duplicate(row_id=, same_as= or because=, actor=, now=) -> StagedRow
revert(import_id=, actor=, now=) -> Import
load_directory(path, actor=, now=, source=, only=, as_of=, dry_run=) -> Report: all of it in one go
"""

from prospects.directories.services.deciding import candidates_of, decide_duplicate
from prospects.directories.services.importing import choose_sheet, require_condition, set_mapping, source_name_of, start, start_import
from prospects.directories.services.loading import LoadFailed, Report, load_directory, report_of
from prospects.directories.services.previewing import preview
from prospects.directories.services.reverting import in_words, revert
from prospects.directories.services.tables import ReadTable, read_table

__all__ = [
    "LoadFailed",
    "ReadTable",
    "Report",
    "candidates_of",
    "choose_sheet",
    "decide_duplicate",
    "in_words",
    "load_directory",
    "preview",
    "read_table",
    "report_of",
    "require_condition",
    "revert",
    "set_mapping",
    "source_name_of",
    "start",
    "start_import",
]
