"""Visits and the files that people bring, through the API: the same services and visibility as the pages."""
