"""Starts the kernel: reads every app's contributions once all models are loaded."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules, import_string

from crm.kernel.catalogues import compile_into
from crm.kernel.contributions import register


class KernelConfig(AppConfig):
    """The kernel's app."""

    name = "crm.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Compile the catalogues that changed; import `contributions.py` of each app, as Django does for its own admin modules."""
        compile_into(settings.LOCALE_PATHS[0])
        autodiscover_modules("contributions")
        register(*import_string("crm.kernel.invariants.INVARIANTS"))
