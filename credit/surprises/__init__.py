"""Surprise visits: drawn with a secret key, revealed on the eve, made with 22 points to look at (domain 7.2, 7.3)."""
