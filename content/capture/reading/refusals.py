"""The one exception of the reading: why a file or a row is not taken, as a code that the parent process turns into a sentence."""


class Refused(Exception):
    """Raised for a whole file, yielded for one row. `row` is 1-based as a spreadsheet counts; `column` and `value` say what was wrong."""

    def __init__(self, code: str, *, row: int | None = None, column: str = "", value: str = "", **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.row = row
        self.column = column
        self.value = value[:200]
        self.params = params
