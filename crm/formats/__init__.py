"""Date and time formats of Hong Kong English; Chinese uses Django's own."""
