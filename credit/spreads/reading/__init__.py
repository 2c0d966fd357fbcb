"""Reads a statement file as a grid of cells, in a process that can be killed; errors and circles stay visible as what they are."""
