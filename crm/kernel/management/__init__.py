"""Operators' commands of the kernel."""
