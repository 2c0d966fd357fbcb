"""Starts the app."""

from django.apps import AppConfig


class SystemsConfig(AppConfig):
    """Webhooks for credit systems."""

    name = "credit.systems"
    label = "systems"
