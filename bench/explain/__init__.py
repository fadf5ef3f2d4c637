"""How PostgreSQL answers each list, filter, order and search: docs/explain.md."""
