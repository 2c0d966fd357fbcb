"""The morning brief: what the papers said since last evening of a person's own clients, prospects, sectors, and of competitors."""
