"""Starts the app."""

from django.apps import AppConfig


class ExposureConfig(AppConfig):
    """Group exposure, worked out from packs, the core bank's limits and temporary excesses."""

    name = "credit.exposure"
    label = "exposure"
