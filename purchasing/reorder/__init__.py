"""Ordering once more what was ordered before: `lines` and `freight` (pure), `plan` (what it comes to), `operations`."""
