"""Verifications after the loan: bills of lading with their carriers, and other papers with who issued them (domain 7.5)."""
