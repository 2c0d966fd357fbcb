"""A feature that only counts: how often the work that a logged visit asks for was carried out."""
