"""From whatever holds news to articles: reading files that people saved or bought, and fetching pages and feeds. No rows are written here."""
