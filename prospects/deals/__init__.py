"""Deals: one pursuit of a company, from a name to a client."""
