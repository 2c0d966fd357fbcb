"""The information library: product sheets and what else may be useful to a client (domain 8.1)."""
