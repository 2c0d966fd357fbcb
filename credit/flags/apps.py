"""Starts the app."""

from django.apps import AppConfig


class FlagsConfig(AppConfig):
    """Red flags after the loan (domain 7.4)."""

    name = "credit.flags"
    label = "flags"
