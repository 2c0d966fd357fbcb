"""Starts the app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo bank and operators' commands."""

    name = "crm.demo"
    label = "demo"
