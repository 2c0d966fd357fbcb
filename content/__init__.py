"""What the bank reads: clippings from the papers, who they name, which tell one story, and how they come in."""
