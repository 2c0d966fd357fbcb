"""Commands of directories."""
