"""Starts the app."""

from django.apps import AppConfig


class ConcessionsConfig(AppConfig):
    """Concessions: requests, exercises of own authority, rulings, replies to clients."""

    name = "crm.concessions"
    label = "concessions"
