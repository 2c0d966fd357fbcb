"""Prospecting: directories, deals."""
