"""Starts the app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payments out of loans (domain 7.6)."""

    name = "credit.payments"
    label = "payments"
