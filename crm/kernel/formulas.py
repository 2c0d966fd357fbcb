"""What a spreadsheet may take for a formula. Alone here, for the reader of files has little room to import."""

LIVE_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
"""Our exports write an apostrophe before it (`crm.web.exports`), and lists that are read have it taken off again."""
