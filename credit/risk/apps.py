"""Starts the app."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    """Loan classes and internal risk classes of clients."""

    name = "credit.risk"
    label = "risk"
