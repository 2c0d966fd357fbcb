"""Operators’ commands of spreads."""
