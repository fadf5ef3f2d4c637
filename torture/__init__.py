"""Drives against the real server: many, hostile, simultaneous, interrupted. What must come out: docs/security.md, 4."""
