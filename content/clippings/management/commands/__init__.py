"""Commands of clippings."""
