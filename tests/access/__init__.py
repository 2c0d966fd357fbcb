"""Who reaches which address: the rules, the world that they are asked of, and the asking."""
