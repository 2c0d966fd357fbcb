"""How clippings come in: saved pages, pasted text, addresses, feeds, archives, mail and papers, from untrusted files to articles."""
