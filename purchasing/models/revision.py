"""Revisions: every accepted change of a purchase's document, with its time, its author and the document itself."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext

from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, JSONText, SiteForeignKey
from purchasing.models.guarded import GuardedQuerySet, WrittenByOperations
from purchasing.models.purchase import Purchase


class PurchaseRevision(WrittenByOperations):
    """One version of the document, as `header` and `contents` were at that time. Never edited."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    purchase = SiteForeignKey(Purchase, related_name="revisions", editable=False, db_index=False)
    number = models.PositiveIntegerField(editable=False)
    at = models.DateTimeField(editable=False)
    author = models.CharField(max_length=255, editable=False)
    header = JSONText(editable=False)
    contents = JSONText(editable=False)

    objects = GuardedQuerySet["PurchaseRevision"].as_manager()

    class Meta:
        ordering = ["purchase", "number"]
        constraints = [
            models.UniqueConstraint(fields=["site", "purchase", "number"], name="a_revision_number_is_used_once"),
        ]
        # Rows lie in the order of their time, so a few bytes for each stretch of the table tell where a month is.
        indexes = [BrinIndex(fields=["at"], name="revisions_by_time")]

    def __str__(self) -> str:
        return gettext("revision %(number)s") % {"number": self.number}
