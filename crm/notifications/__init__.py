"""Notifications: what the bank tells a member of staff, in the app and by e-mail; mail waits for working hours."""
