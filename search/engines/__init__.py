"""The engines of full-text search behind one narrow interface: tantivy on one machine, Elasticsearch for a cluster."""
