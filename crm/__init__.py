"""Rapport: the CRM for the relationship managers of a commercial bank."""
