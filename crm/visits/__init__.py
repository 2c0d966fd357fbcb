"""Visits, calls, promises, attachments."""
