"""Risk classes: what class a client’s debt stands in, who proposed, reviewed and set it, and how it moved (domain 7.1)."""
