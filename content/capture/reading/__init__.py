"""Reads articles out of saved pages, feeds, archives, wires, mails, PDF documents and pasted text, however bad the file.

Callers use `guarded.read_file` or `guarded.iter_articles`, which parse in a process that can be killed. Everything that the child imports
stands without Django.
"""
