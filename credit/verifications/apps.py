"""Starts the app."""

from django.apps import AppConfig


class VerificationsConfig(AppConfig):
    """Verifications of papers (domain 7.5)."""

    name = "credit.verifications"
    label = "verifications"
