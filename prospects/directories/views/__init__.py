"""Pages of directories: lists, the steps of an import, what came of it."""

from prospects.directories.views.lists import ImportList, SourceList
from prospects.directories.views.results import (
    ImportDetail,
    ImportDuplicates,
    ImportProgress,
    ImportRefused,
    ImportRevert,
    ImportRows,
    ImportUpdated,
    RefusedDownload,
    RowDecide,
)
from prospects.directories.views.steps import ImportCreate, ImportMap, ImportPreview, ImportSheet, ImportStart

__all__ = [
    "ImportCreate",
    "ImportDetail",
    "ImportDuplicates",
    "ImportList",
    "ImportMap",
    "ImportPreview",
    "ImportProgress",
    "ImportRefused",
    "ImportRevert",
    "ImportRows",
    "ImportSheet",
    "ImportStart",
    "ImportUpdated",
    "RefusedDownload",
    "RowDecide",
    "SourceList",
]
