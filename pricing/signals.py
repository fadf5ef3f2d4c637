"""What this room says to others; who listens is wired where they are."""

from __future__ import annotations

from django.dispatch import Signal

rates_published = Signal()
"""New exchange rates are stored and committed. Sent with `now` and `progress` (called with each number of rows that a
receiver brought up to date); a receiver answers how many it did in all."""
