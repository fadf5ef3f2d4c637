"""A file that somebody uploaded to be imported.

Life: kept with what the run would do (the preview), confirmed by the same person, kept with what the run did, forgotten
after a day. In the database, since the next page may be asked of another machine.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models

from core.models.people import User
from core.models.site import Site

KEPT_FOR = timedelta(days=1)


class ImportUploadQuerySet(models.QuerySet["ImportUpload"]):
    def kept(self, now: datetime) -> ImportUploadQuerySet:
        """Those that are not forgotten."""
        return self.filter(created_at__gt=now - KEPT_FOR)

    def forget(self, now: datetime) -> None:
        """Take away those whose day is over."""
        self.filter(created_at__lte=now - KEPT_FOR).delete()


class ImportUpload(models.Model):
    """One person's file for one site."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=100, help_text="The name of its importer.")
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    given = models.JSONField(default=dict, help_text="By column, what every row says that says nothing else.")
    preview = models.JSONField(help_text="What the dry run told.")
    result = models.JSONField(null=True, help_text="What the run told; null: not confirmed yet.")
    created_at = models.DateTimeField(db_index=True)

    objects = ImportUploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name
