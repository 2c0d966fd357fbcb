"""Starts the app."""

from django.apps import AppConfig


class MemosConfig(AppConfig):
    """Sections of applications and fact sheets, and what their writers attest."""

    name = "credit.memos"
    label = "memos"
