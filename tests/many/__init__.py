"""Calls that answer or take any number of rows, by room: what `tests.test_query_counts` counts."""
