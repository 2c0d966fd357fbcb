"""Credit application packs: what is asked for, by whom, and in which state it stands (domain 6)."""
