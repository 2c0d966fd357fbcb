"""The tests. What the whole run shares before any of it is loaded."""

import os
import sys

# A run starts some two hundred Pythons. Where they were told to keep no bytecode, each compiles Django and Rapport anew: half of its start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
