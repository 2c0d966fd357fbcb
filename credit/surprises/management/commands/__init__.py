"""Commands of surprise visits and monitoring."""
