"""What must hold when many write at once and processes die: shown with real processes, real databases and real kills."""
