"""The bank's people: units, users, the posts they hold, signing in, tokens."""
