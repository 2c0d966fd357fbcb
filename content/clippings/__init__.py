"""Clippings: pieces of news with their source, the companies that they name, and the stories that they tell together."""
