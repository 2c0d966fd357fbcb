"""Tags of the editors’ page of a template."""
