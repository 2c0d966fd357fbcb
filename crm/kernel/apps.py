"""Starts the kernel: reads every app's contributions once all models are loaded."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """The kernel's app."""

    name = "crm.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Import `contributions.py` of each installed app, as Django does for its own admin modules."""
        autodiscover_modules("contributions")
