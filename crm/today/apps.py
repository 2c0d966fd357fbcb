"""Starts the app."""

from django.apps import AppConfig


class TodayConfig(AppConfig):
    """Today: what to do now."""

    name = "crm.today"
    label = "today"
