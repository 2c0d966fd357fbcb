"""Tags of clippings."""
