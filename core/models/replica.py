"""What has to reach a replica before it is read."""

from __future__ import annotations

from django.db import models


class RecentWrite(models.Model):
    """Where in the primary's log the last write of a caller ended (`core.replica`). Not logged: a crash empties it."""

    caller = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.caller} at {self.written_at}"
