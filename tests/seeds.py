"""What is drawn: the same at every run of the suite, and something else for each SEED (`python -m torture.seeds`)."""

from __future__ import annotations

import os

SEED = os.environ.get("SEED")
IS_SETTLED = SEED is None
"""For `derandomize`: whether each run draws the same cases. Else they follow from pytest's `--hypothesis-seed`."""
