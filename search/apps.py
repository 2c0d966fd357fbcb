"""Starts the app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Find anything by name."""

    name = "search"
    label = "search"
