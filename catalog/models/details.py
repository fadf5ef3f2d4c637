"""What is told of a variant in lists, each replaced as a whole: options, recommended prices, rules of selling."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q
from django.utils.formats import number_format

from catalog.models.product import ProductVariant
from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from core.money import price_text
from core.tenancy import SiteQuerySet


class VariantOption(models.Model):
    """What tells a variant from its siblings, such as `Colour: Blue`."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    variant = SiteForeignKey(ProductVariant, on_delete=models.CASCADE, related_name="options")
    group = models.CharField(max_length=255, help_text="Such as Colour.")
    value = models.CharField(max_length=255, help_text="Such as Blue.")

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "option"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "variant", "group"], name="a_variant_has_one_option_per_option_group"
            )
        ]
        indexes = [
            GinIndex(
                Func("site", "value", function="catalog_parts"), name="options_by_parts", gin_pending_list_limit=256
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.value}"


class RetailPrice(models.Model):
    """What the merchant recommends that one piece is sold for (RRP)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    variant = SiteForeignKey(ProductVariant, on_delete=models.CASCADE, related_name="rrp")
    value = models.DecimalField(max_digits=18, decimal_places=6)
    currency_code = models.CharField(max_length=3, help_text="ISO 4217, upper case.")

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "recommended price"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "variant", "currency_code"], name="a_variant_has_one_recommended_price_per_currency"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="a_recommended_price_is_not_negative"),
        ]

    def __str__(self) -> str:
        figure = price_text(self.value, self.currency_code)
        return f"{number_format(figure, force_grouping=True)} {self.currency_code}"


class SellingRule(models.Model):
    """How a variant is sold to a group of customers. What is empty is as for the group `default`.

    The group is named by its slug and need not exist yet: the rule has no effect until it does.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    variant = SiteForeignKey(ProductVariant, on_delete=models.CASCADE, related_name="settings")
    customer_group = models.CharField(max_length=30, help_text="The slug of a customer group.")
    pack_size = models.PositiveIntegerField(
        null=True, blank=True, default=1, help_text="Ordered in multiples of this many."
    )
    reserve_stock_quantity = models.PositiveIntegerField(
        null=True, blank=True, help_text="Pieces that this group cannot buy."
    )
    min_order_quantity = models.PositiveIntegerField(null=True, blank=True)
    max_order_quantity = models.PositiveIntegerField(null=True, blank=True)
    min_order_parent_quantity = models.PositiveIntegerField(
        null=True, blank=True, help_text="Over all variants of the product."
    )
    max_order_parent_quantity = models.PositiveIntegerField(
        null=True, blank=True, help_text="Over all variants of the product."
    )
    display = models.BooleanField(null=True, blank=True, help_text="Whether the group is shown the variant.")
    sell = models.BooleanField(null=True, blank=True, help_text="Whether the group may buy the variant.")

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "variant", "customer_group"], name="a_variant_has_one_selling_rule_per_customer_group"
            ),
            models.CheckConstraint(
                condition=Q(pack_size=None) | Q(pack_size__gte=1), name="a_pack_holds_at_least_one_piece"
            ),
        ]

    def __str__(self) -> str:
        return self.customer_group
