"""Starts the witness, with the fault that a proof planted."""

import os

from django.apps import AppConfig
from django.utils.module_loading import import_string


class WitnessConfig(AppConfig):
    """The witness's app."""

    name = "tests.proof.witness"
    label = "witness"

    def ready(self) -> None:
        """Plant the fault, if any."""
        fault = os.environ.get("RAPPORT_PROOF_FAULT", "")
        if fault:
            import_string("tests.proof.witness.faults.plant")(fault)
