"""Tags of spreads."""
