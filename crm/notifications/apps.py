"""Starts the app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """What the bank tells its staff."""

    name = "crm.notifications"
    label = "notifications"
