"""Starts the app."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """What the core bank says each night of clients: balances, turnover, limits, income, conduct."""

    name = "crm.figures"
    label = "figures"
