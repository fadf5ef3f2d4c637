"""The last attempt to submit a purchase that came to nothing, kept until a later one succeeds."""

from __future__ import annotations

from django.db import models

from core.models import Site
from core.models.fields import SiteForeignKey
from core.tenancy import SiteQuerySet
from purchasing.models.purchase import Purchase


class FailedSubmission(models.Model):
    """When, by whom, and the faults it was refused with (`[{code, message}]`). Written by `purchasing.submission`."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", editable=False)
    purchase = SiteForeignKey(Purchase, on_delete=models.CASCADE, related_name="+", editable=False, db_index=False)
    at = models.DateTimeField(editable=False)
    author = models.TextField(editable=False)
    faults = models.JSONField(editable=False)

    objects = SiteQuerySet["FailedSubmission"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "purchase"], name="one_failed_attempt_per_purchase")]

    def __str__(self) -> str:
        return f"{self.purchase_id} at {self.at}"
