"""Starts the witness."""

from django.apps import AppConfig


class WitnessConfig(AppConfig):
    """The witness's app."""

    name = "tests.proof.witness"
    label = "witness"
