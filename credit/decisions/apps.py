"""Starts the app."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Decisions on credit packs and their conditions."""

    name = "credit.decisions"
    label = "decisions"
