"""The file of what was due and done about a live loan, frozen where the loan turns bad (domain 7.7)."""
