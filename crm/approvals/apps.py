"""Starts the app."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Approvals: every request that waits for a decision."""

    name = "crm.approvals"
    label = "approvals"
