"""Starts the policy app and plants the first figures after migrating."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


class PolicyConfig(AppConfig):
    """The bank's figures."""

    name = "crm.policy"
    label = "policy"

    def ready(self) -> None:
        """Plant figures whenever the schema was brought up to date."""
        post_migrate.connect(import_string("crm.policy.seeds.plant"), sender=self)
