"""Packages and their lines: the goods of a purchase, grouped by the fate they share.

Life: an order's lines start in one processing package and move to shipped, returned or cancelled ones. Rows are
written whole by `purchasing.store` from the purchase's document, in one statement; ids survive replacement when a
package or line is matched.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from core.ids import PACKAGE, public_id
from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from purchasing.models.guarded import GuardedQuerySet, WrittenByOperations
from purchasing.models.purchase import Purchase
from purchasing.status import PackageState


class PackageQuerySet(GuardedQuerySet["Package"]):
    def live(self) -> PackageQuerySet:
        """Those that are not cancelled."""
        return self.exclude(state=PackageState.CANCELLED)


class Package(WrittenByOperations):
    """A package of one purchase. Shipping amounts are in the purchase's currency."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    purchase = SiteForeignKey(Purchase, on_delete=models.CASCADE, related_name="packages", editable=False)
    position = models.PositiveIntegerField(editable=False)
    spark_package_id = models.UUIDField(editable=False)
    platform_id = models.CharField(max_length=255, blank=True, default="")
    internal_id = models.CharField(max_length=255, blank=True, default="")
    visible_id = models.CharField(max_length=255, blank=True, default="")
    state = models.CharField(max_length=10, choices=PackageState.choices())
    created_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    shipping_name = models.TextField(blank=True, default="")
    shipping_net = models.DecimalField(max_digits=24, decimal_places=6, default=0)
    shipping_gross = models.DecimalField(max_digits=24, decimal_places=4, default=0, editable=False)
    refund_shipping = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)
    ship_to = models.TextField(blank=True, default="", editable=False, help_text="The address in one line.")
    tracking = models.JSONField(
        default=list, editable=False, help_text="Carrier, tracking number and link of each shipment."
    )

    objects = PackageQuerySet.as_manager()

    class Meta:
        ordering = ["purchase", "position"]
        constraints = [
            models.UniqueConstraint(fields=["site", "purchase", "id"], name="package_is_known_by_its_purchase"),
        ]
        indexes = [
            GinIndex(
                fields=["tracking"], opclasses=["jsonb_path_ops"], condition=~Q(tracking=[]), name="tracked_packages"
            ),
        ]

    def __str__(self) -> str:
        return self.visible_id or self.public_id

    @property
    def public_id(self) -> str:
        """`orp_12`."""
        return public_id(PACKAGE, self.pk)


class LineItem(WrittenByOperations):
    """A line of a package. Name, SKU, price and tax are those at the time of buying."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    purchase = SiteForeignKey(Purchase, on_delete=models.CASCADE, related_name="lines", editable=False)
    package = SiteForeignKey(Package, on_delete=models.CASCADE, related_name="lines", editable=False)
    position = models.PositiveIntegerField(editable=False)
    sku = models.CharField(max_length=255, blank=True, default="")
    name_parent = models.CharField("name", max_length=255)
    name_child = models.CharField("variant", max_length=255, blank=True, default="")
    quantity = models.BigIntegerField()
    total_net = models.DecimalField(max_digits=24, decimal_places=6)
    discount_net = models.DecimalField(max_digits=24, decimal_places=6, default=0)
    gross = models.DecimalField(max_digits=24, decimal_places=4, editable=False)
    refund_total = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)

    objects = GuardedQuerySet["LineItem"].as_manager()

    class Meta:
        ordering = ["package", "position"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=0), name="a_quantity_is_not_negative"),
        ]
        indexes = [
            models.Index(fields=["site", "sku"], condition=~Q(sku=""), name="lines_by_sku"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name_parent} {self.name_child}".strip()
