"""From a grid to statements: what its labels, periods and units mean, and why a cell is not taken."""
