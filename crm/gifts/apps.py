"""Starts the app."""

from django.apps import AppConfig


class GiftsConfig(AppConfig):
    """The gift register."""

    name = "crm.gifts"
    label = "gifts"
