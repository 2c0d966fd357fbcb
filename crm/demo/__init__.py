"""The demo bank: an invented bank for trying Rapport, its data files and the command that loads and serves it."""
