"""Starts the app."""

from django.apps import AppConfig


class HospitalityConfig(AppConfig):
    """Requests, reports and claims of hospitality."""

    name = "crm.hospitality"
    label = "hospitality"
