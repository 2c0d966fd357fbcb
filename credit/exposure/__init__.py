"""What the bank has at stake with a group: approved, live, drawn, pending, against its own thresholds and the legal limit (domain 6.9)."""
