"""Names of companies and of people: taken apart, found, compared."""
