"""Starts the app."""

from django.apps import AppConfig


class SurprisesConfig(AppConfig):
    """Draws and surprise visits."""

    name = "credit.surprises"
    label = "surprises"
