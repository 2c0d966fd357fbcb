"""Red flags on clients: raised, answered, closed with evidence, never deleted; what a critical one suspends."""
