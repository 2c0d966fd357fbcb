"""The application: nineteen sections by the relationship manager, or the fact sheet from which the credit department writes."""
