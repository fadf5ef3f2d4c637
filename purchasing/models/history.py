"""What the customer sees of money on a purchase: exactly one item for each applied transaction, and nothing else."""

from __future__ import annotations

import uuid_utils.compat as uuid7
from django.db import models

from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from purchasing.models.guarded import GuardedQuerySet, WrittenByOperations
from purchasing.models.purchase import Purchase
from purchasing.models.transaction import PurchaseTransaction


class PurchaseHistory(WrittenByOperations):
    """A payment or refund as it is told to the customer. Written by `purchasing.effects` only."""

    class Type(models.TextChoices):
        PAYMENT = "payment", "Payment"
        REFUND = "refund", "Refund"

    id = models.UUIDField(primary_key=True, default=uuid7.uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    purchase = SiteForeignKey(Purchase, related_name="history", editable=False)
    transaction = SiteForeignKey(
        PurchaseTransaction, on_delete=models.CASCADE, related_name="history_items", editable=False
    )
    type = models.CharField(max_length=7, choices=Type.choices, editable=False)
    message = models.TextField(editable=False)
    total = models.DecimalField(max_digits=16, decimal_places=4, editable=False)
    currency_code = models.CharField(max_length=3, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = GuardedQuerySet["PurchaseHistory"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "purchase history"
        constraints = [
            models.UniqueConstraint(fields=["site", "transaction"], name="one_history_item_per_applied_transaction"),
        ]

    def __str__(self) -> str:
        return self.message
