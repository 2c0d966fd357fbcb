"""The app."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """How clippings come in."""

    name = "content.capture"
    label = "capture"
