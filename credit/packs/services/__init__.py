"""What people do with packs."""
