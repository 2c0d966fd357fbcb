"""Starts the app."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """Credit application packs, their versions, facilities and parties."""

    name = "credit.packs"
    label = "packs"
