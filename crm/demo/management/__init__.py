"""Commands of the demo bank."""
