"""Django commands of verifications."""
