"""Approvals: every request that waits for a decision in one place, whatever feature asks. Features plug in by contribution."""
