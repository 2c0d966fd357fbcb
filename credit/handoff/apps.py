"""Starts the app."""

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """Guard, endorsement and seal of credit packs; PDF and ZIP of a version."""

    name = "credit.handoff"
    label = "handoff"
