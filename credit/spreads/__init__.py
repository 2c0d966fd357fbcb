"""Spreads: the statements of a company set out line by line, checked, and made into ratios, stress cases and needs."""
