"""Reads whatever holds news, however bad the file: pages, feeds, archives, mail, PDF, text.

Callers use `guarded.read_articles`, which parses in a process that can be killed. All that the child imports stands without Django.
"""
