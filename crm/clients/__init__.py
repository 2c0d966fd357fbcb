"""Clients: companies that bank with us."""
