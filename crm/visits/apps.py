"""Starts the app."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits, calls, promises, attachments."""

    name = "crm.visits"
    label = "visits"
