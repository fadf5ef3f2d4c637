"""What members of staff tell one another about a purchase. It is no part of the document and buyers never see it."""

from __future__ import annotations

from django.db import models

from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from purchasing.models.purchase import Purchase


class PurchaseComment(models.Model):
    """A note, written once and never edited: who said what when."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    purchase = SiteForeignKey(Purchase, related_name="comments", editable=False)
    text = models.TextField(max_length=10_000, help_text="Staff alone read this.")
    author = models.CharField(max_length=320, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["site", "purchase"], name="comments_of_a_purchase")]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"
