"""Starts the app."""

from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    """Checklists of credit packs and their documents."""

    name = "credit.checklists"
    label = "checklists"
