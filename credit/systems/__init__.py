"""Webhooks for credit systems: who is told of the steps of packs, signed, tried again, and written down."""
