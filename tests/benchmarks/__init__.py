"""How fast Rapport's pages and imports are, at several sizes and on both databases, beside a bare Django page of as many rows."""
