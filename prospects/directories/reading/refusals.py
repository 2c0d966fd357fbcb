"""The one exception of the reading: why a file is not taken, as a code that the parent process turns into a sentence."""


class Refused(Exception):
    """The file cannot be read. `params` fill the sentence of `code`; `row` and `column` (1-based, a letter) say where, if known."""

    def __init__(self, code: str, *, row: int | None = None, column: str | None = None, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.row = row
        self.column = column
        self.params = params
