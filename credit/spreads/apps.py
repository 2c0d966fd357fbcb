"""Starts the app."""

from django.apps import AppConfig


class SpreadsConfig(AppConfig):
    """Spreads of statements."""

    name = "credit.spreads"
    label = "spreads"
