"""Starts the clients app."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Companies that bank with us."""

    name = "crm.clients"
    label = "clients"
