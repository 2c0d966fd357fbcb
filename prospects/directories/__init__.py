"""Directories: company lists read from files, matched and loaded."""
