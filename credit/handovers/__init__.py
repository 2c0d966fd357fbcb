"""A client with live credit goes to another manager by a list of all that is open, signed by three people (domain 7.7)."""
