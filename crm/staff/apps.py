"""Starts the staff app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The bank's people."""

    name = "crm.staff"
    label = "staff"
