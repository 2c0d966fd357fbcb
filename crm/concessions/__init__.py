"""Concessions: what a client is let off, who may decide it, when the client is told (domain 5)."""
