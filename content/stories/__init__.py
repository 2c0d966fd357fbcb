"""Which texts tell the same story: copies, reprints and cut versions of one piece of news. Pure: no models."""

from content.stories.sameness import BANDS, ROWS, SAME_FROM, SIGNATURE_VERSION, bands, jaccard, same_story, shingles, signature, text_hash

__all__ = ["BANDS", "ROWS", "SAME_FROM", "SIGNATURE_VERSION", "bands", "jaccard", "same_story", "shingles", "signature", "text_hash"]
