"""Starts the app."""

from django.apps import AppConfig


class HandoversConfig(AppConfig):
    """Clients handed over by a signed list."""

    name = "credit.handovers"
    label = "handovers"
