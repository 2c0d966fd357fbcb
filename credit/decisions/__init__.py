"""Decisions on packs: routed by authority, taken by an approver or the committee, and what follows until limits are live."""
