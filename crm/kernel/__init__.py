"""The shared kernel: what every feature stands on. No feature words, no HTTP."""
