"""From whatever holds news to articles: files are read, pages and feeds fetched. No rows are written here."""
