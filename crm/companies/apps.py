"""Starts the companies app."""

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    """Companies and their people."""

    name = "crm.companies"
    label = "companies"
