"""Starts the app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """The credit department's work on packs before the decision."""

    name = "credit.reviews"
    label = "reviews"
