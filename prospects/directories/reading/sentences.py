"""The sentences for files that cannot be read, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "empty": _("The file is empty."),
    "too_big": _("The file is larger than %(limit)s MB."),
    "picture": _("The file is a picture, not a table. Load the list as CSV, XLSX, XLS or ODS."),
    "pdf": _("The file is a PDF document, not a table. Load the list as CSV, XLSX, XLS or ODS."),
    "web_page": _("The file is a web page (HTML), not a table. Open it in a spreadsheet program and save it as XLSX."),
    "xml": _("The file is XML, not a table. Open it in a spreadsheet program and save it as XLSX."),
    "json": _("The file is JSON, not a table. Load the list as CSV, XLSX, XLS or ODS."),
    "document": _("The file is a document or presentation, not a table. Load the list as CSV, XLSX, XLS or ODS."),
    "archive": _("The file is an archive without a workbook in it. Unpack it and load the list itself."),
    "binary": _("The file is no text and no workbook that we know. Load the list as CSV, XLSX, XLS or ODS."),
    "not_a_table": _("No table was found in the file: its lines are not divided into columns."),
    "password": _("The workbook is protected by a password. Remove the password and load it again."),
    "damaged": _("The workbook is damaged and cannot be read. Open it in a spreadsheet program, save it anew and load it again."),
    "encoding_broken": _(
        "The text is in %(encoding)s, but a character in row %(row)s, column %(column)s is damaged. "
        "Save the file as UTF-8 and load it again."
    ),
    "nul_byte": _("The cell in row %(row)s, column %(column)s holds a byte that no text has (NUL). Take it out and load the file again."),
    "encoding_unknown": _(
        "The text is in no encoding that we know (UTF-8, UTF-16, GB18030, Big5): the first doubtful character stands in row %(row)s, "
        "column %(column)s. Save the file as UTF-8 and load it again."
    ),
    "encoding_doubtful": _(
        "The text could be GB18030 or Big5, and a wrong guess would garble the names. Save the file as UTF-8 and load it again."
    ),
    "unpacks_too_big": _("The workbook unpacks to more than %(limit)s MB. Load a smaller part of it."),
    "packed_too_tight": _("The workbook unpacks to more than %(limit)s times its size, which real lists never do. It was not opened."),
    "too_many_parts": _("The workbook consists of %(found)s parts; at most %(limit)s are read."),
    "entities": _("The workbook defines XML entities in its part %(part)s, which real lists never do. It was not opened."),
    "no_such_sheet": _("There is no sheet “%(sheet)s”. The sheets are: %(sheets)s."),
    "no_header": _("No header row was found: every row looks like data. Put a row with the names of the columns above it."),
    "header_only": _("There is no row below the header in row %(row)s."),
    "too_many_rows": _("The table has more than %(limit)s rows. Divide it and load the parts."),
    "too_many_columns": _("The table has %(found)s columns; at most %(limit)s are read."),
    "cell_too_long": _(
        "The cell in row %(row)s, column %(column)s holds more than %(limit)s characters. A quotation mark may be missing there."
    ),
    "quote_open": _(
        "The quotation mark in row %(row)s, column %(column)s is not closed, so that the rows after it would be lost in that cell. "
        "Close it or take it out, and load the file again."
    ),
    "too_slow": _("The file took longer than %(limit)s seconds to read and was given up. Load a smaller part of it."),
    "too_much_memory": _("The file needs more than %(limit)s MB of memory to read and was given up. Load a smaller part of it."),
    "crashed": _(
        "The file made the reader stop, which damaged files do. Open it in a spreadsheet program, save it anew and load it again."
    ),
}


def sentence(code: str, params: Mapping[str, object]) -> Promise:
    """The sentence of a refusal, put together only when it is shown, so in the language of whoever reads it."""
    return lazystr(_Deferred(code, params))


class _Deferred:
    def __init__(self, code: str, params: Mapping[str, object]) -> None:
        self._code = code
        self._params = dict(params)

    def __str__(self) -> str:
        return str(SENTENCES[self._code]) % self._params
