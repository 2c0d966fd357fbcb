"""Covenants: what a borrower promised for the life of a loan, tested each period and waived by who approved (domain 7.8)."""
