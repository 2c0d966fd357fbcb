"""Companies and people through the API: the same services, visibility and sights as the pages."""
