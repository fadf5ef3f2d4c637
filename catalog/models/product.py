"""What a merchant sells: products, each with the variants that are ordered.

Life: a product comes with its variants (from a shop platform, an ERP or staff), variants `pending` at first. A variant
that is `live` is shown to buyers, and so is a product while it has one; `suspended` and `discontinued` ones are not.
Nothing is ever deleted: orders carry copies of what they name, and a discontinued variant keeps its SKU.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from catalog.models.querysets import ProductQuerySet, VariantQuerySet
from core.ids import PRODUCT, VARIANT, public_id
from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from core.written import Written


class Product(models.Model):
    """A product. What is ordered, priced and held in stock are its variants."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="products")
    title = models.CharField(max_length=255)
    slug = models.CharField(max_length=255, help_text="Its name in links; unique on the site.")
    external_id = models.CharField(max_length=100, blank=True, default="", help_text="The product's id elsewhere.")
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False, help_text="When the product or one of its variants changed.")

    objects = ProductQuerySet.as_manager()

    written = Written.UNCHANGED
    """What the operation that answered it did, of that one request."""

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="product_is_known_by_its_site"),
            models.UniqueConstraint(fields=["site", "slug"], name="a_product_slug_is_taken_once_per_site"),
            models.UniqueConstraint(
                fields=["site", "external_id"],
                condition=~Q(external_id=""),
                name="a_product_external_id_is_taken_once_per_site",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "title", "id"], name="products_by_title"),
            models.Index(fields=["site", "external_id", "id"], name="products_by_external_id"),
            models.Index(fields=["site", "created_at", "id"], name="products_by_creation"),
            models.Index(fields=["site", "updated_at", "id"], name="products_by_change"),
            # What searches look among: `catalog.finding`.
            GinIndex(
                Func("site", "title", "slug", "external_id", function="catalog_parts"),
                name="products_by_parts",
                gin_pending_list_limit=256,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_id(self) -> str:
        """`pp_12`."""
        return public_id(PRODUCT, self.pk)


class ProductVariant(models.Model):
    """One thing that can be ordered, under its SKU. Prices and stock are kept by the SKU, not by the variant."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        DISCONTINUED = "discontinued", "Discontinued"
        SUSPENDED = "suspended", "Suspended"
        LIVE = "live", "Live"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    product = SiteForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=100, help_text="Unique on the site, letter by letter.")
    external_id = models.CharField(max_length=100, blank=True, default="", help_text="The variant's id elsewhere.")
    status = models.CharField(
        max_length=12, choices=Status.choices, default=Status.PENDING, help_text="Only live ones are shown to buyers."
    )
    position = models.DecimalField(
        max_digits=15, decimal_places=6, null=True, blank=True, default=1, help_text="Its place among the variants."
    )
    weight_in_grams = models.DecimalField(max_digits=15, decimal_places=6, default=0)
    tax_type = models.DecimalField(max_digits=15, decimal_places=6, default=1, help_text="Deprecated.")
    cart_image_url = models.CharField(
        max_length=512, blank=True, default="", help_text="An http or https address. Deprecated."
    )
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)

    objects = VariantQuerySet.as_manager()

    class Meta:
        ordering = [F("position").asc(nulls_last=True), "id"]
        verbose_name = "variant"
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="variant_is_known_by_its_site"),
            models.UniqueConstraint(fields=["site", "sku"], name="a_sku_is_taken_once_per_site"),
            models.UniqueConstraint(
                fields=["site", "external_id"],
                condition=~Q(external_id=""),
                name="a_variant_external_id_is_taken_once_per_site",
            ),
            models.CheckConstraint(condition=~Q(sku=""), name="a_variant_has_a_sku"),
            models.CheckConstraint(condition=Q(weight_in_grams__gte=0), name="a_weight_is_not_negative"),
        ]
        indexes = [
            models.Index(fields=["site", "external_id", "id"], name="variants_by_external_id"),
            models.Index(fields=["site", "position", "id"], name="variants_by_position"),
            models.Index(fields=["site", "created_at", "id"], name="variants_by_creation"),
            models.Index(fields=["site", "updated_at", "id"], name="variants_by_change"),
            # Nearly all are live: whoever asks for those finds them without.
            models.Index(
                fields=["site", "status", "id"], condition=~Q(status="live"), name="variants_that_are_not_live"
            ),
            GinIndex(
                Func("site", "sku", "external_id", function="catalog_parts"),
                name="variants_by_parts",
                gin_pending_list_limit=256,
            ),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def public_id(self) -> str:
        """`pv_12`."""
        return public_id(VARIANT, self.pk)
