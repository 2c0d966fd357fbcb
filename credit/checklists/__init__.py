"""The papers of a pack: which are needed, which came, who checked them, which were waived."""
