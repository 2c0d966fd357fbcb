"""Starts the app."""

from django.apps import AppConfig


class CovenantsConfig(AppConfig):
    """Covenants and their tests (domain 7.8)."""

    name = "credit.covenants"
    label = "covenants"
