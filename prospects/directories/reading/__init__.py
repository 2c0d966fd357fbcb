"""Reads company lists, however bad the file: which sheet, encoding, delimiter and header row, and then the rows.

Callers use `guarded.read_in_child`, which parses in a process that can be killed. `tables.open_table` is the same reading in the
caller's own process. Everything that the child imports stands without Django, so that it starts in a tenth of a second.
"""
