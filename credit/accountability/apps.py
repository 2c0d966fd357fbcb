"""Starts the app."""

from django.apps import AppConfig


class AccountabilityConfig(AppConfig):
    """What was due and done about live loans, and by whom."""

    name = "credit.accountability"
    label = "accountability"
