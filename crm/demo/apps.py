"""Starts the app."""

from django.apps import AppConfig
from django.core import checks

from crm.demo.guard import check_demo_bank


class DemoConfig(AppConfig):
    """The demo bank and operators' commands."""

    name = "crm.demo"
    label = "demo"

    def ready(self) -> None:
        """Register the check that keeps demo people out of production."""
        checks.register(check_demo_bank, checks.Tags.database, checks.Tags.security)
