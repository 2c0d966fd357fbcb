"""Starts the app."""

from django.apps import AppConfig


class DealsConfig(AppConfig):
    """Deals: one pursuit of a company, from a name to a client."""

    name = "prospects.deals"
    label = "deals"
