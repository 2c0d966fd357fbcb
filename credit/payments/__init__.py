"""Supervision of payments out of loans: who is paid, by which mode, checked by three people (domain 7.6)."""
