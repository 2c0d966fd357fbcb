"""An invented bank of any size, written in bulk: the same rows for every database."""
