"""Operators’ commands of the handoff."""
