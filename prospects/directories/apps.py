"""Starts the app."""

from django.apps import AppConfig


class DirectoriesConfig(AppConfig):
    """Directories: company lists read from files, matched and loaded."""

    name = "prospects.directories"
    label = "directories"
