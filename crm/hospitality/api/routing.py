"""The address under which events and books stand."""

from ninja import Router

router = Router(tags=["hospitality"])
