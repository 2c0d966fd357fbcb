"""Alerts: searches that people keep, and the stories that they are told of."""
