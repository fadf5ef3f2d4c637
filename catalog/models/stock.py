"""Where goods are and how many.

Life: a location is set up once. A stock level is held for each SKU at each location, overwritten by whoever counts, and
taken away when a SKU is no longer kept. Orders never move stock.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models.querysets import StockLocationQuerySet, StockQuerySet
from core.ids import STOCK_LOCATION, public_id
from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from core.trail import keeps_trail

DEFAULT_LOCATION = "default"
"""The external id of the location that is meant where none is named."""


class StockLocation(models.Model):
    """A place that holds stock."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="stock_locations")
    name = models.CharField(max_length=255)
    external_id = models.CharField(
        max_length=255, help_text="The location's id elsewhere; `default` is the one meant where none is named."
    )

    objects = StockLocationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="stock_location_is_known_by_its_site"),
            models.UniqueConstraint(
                fields=["site", "external_id"], name="a_stock_location_external_id_is_taken_once_per_site"
            ),
            models.CheckConstraint(condition=~Q(external_id=""), name="a_stock_location_has_an_external_id"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        """`sl_12`."""
        return public_id(STOCK_LOCATION, self.pk)


@keeps_trail
class Stock(models.Model):
    """How many pieces of a SKU a location holds. The SKU need not be a variant's (yet), as a price's need not."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, **PROVEN_BY_REFERENCE)
    location = SiteForeignKey(StockLocation, related_name="stock")
    sku = models.CharField("SKU", max_length=100)
    stock_level = models.IntegerField(default=0, help_text="Pieces held.")
    restock_date = models.DateField(null=True, blank=True, help_text="When more is expected.")
    min_stock_level = models.IntegerField(
        default=0, help_text="How far the level may be sold down: with −9 and level 0, nine pieces can still be sold."
    )
    updated_at = models.DateTimeField(editable=False)

    objects = StockQuerySet.as_manager()

    class Meta:
        ordering = ["sku", "location"]
        verbose_name_plural = "stock"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "sku", "location"], name="a_sku_has_one_stock_level_at_each_location"
            ),
            models.CheckConstraint(condition=~Q(sku=""), name="stock_is_of_a_sku"),
        ]

    def __str__(self) -> str:
        return _("%(sku)s at %(location)s") % {"sku": self.sku, "location": self.location}
