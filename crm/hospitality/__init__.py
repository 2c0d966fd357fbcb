"""Hospitality: asked for and reserved, held and reported, claimed at its actual cost, checked, posted and paid (domain 4)."""
