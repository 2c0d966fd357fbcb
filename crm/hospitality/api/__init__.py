"""Hospitality through the API: the same services and visibility as the pages."""

from crm.hospitality.api import books, events
from crm.hospitality.api.routing import router

__all__ = ["books", "events", "router"]
