"""Operators' commands of staff."""
