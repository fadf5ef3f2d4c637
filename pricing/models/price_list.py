"""Price lists: what things cost, in one currency, for whoever is given the list.

Life: a list is set up once under a slug that customers are given (they keep slugs, which need not exist yet). It holds
prices of its own, and rules that make prices out of those of other lists: the first rule whose source has prices for a
SKU counts, unless the list has prices of its own for it. It goes with its rules and prices, once no rule of another
list makes prices out of it. Which price applies: `pricing.choose`.
"""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from core.tenancy import SiteQuerySet
from core.trail import keeps_trail
from pricing.models.querysets import PriceListQuerySet, PriceQuerySet

SLUG_LENGTH = 64
SKU_LENGTH = 100
UNIT_LENGTH = 64
MAX_LEVELS = 10
"""Lists in a chain of rules, the list that prices are asked of counted."""
PERCENTAGE_DECIMALS = 6
RULE_RATE_DECIMALS = 10
RULE_RATE_DIGITS = 6
"""Before the point."""


class PriceList(models.Model):
    """Prices in one currency, under a slug."""

    class Source(models.TextChoices):
        CUSTOM = "custom", "Custom"
        INTEGRATION = "integration", "Integration"
        PLATFORM = "platform", "Platform"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="price_lists")
    slug = models.CharField(
        max_length=SLUG_LENGTH, help_text="Its name for programs and in customers' price lists; unique on the site."
    )
    name = models.CharField(max_length=64)
    currency_code = models.CharField("currency", max_length=3, help_text="ISO 4217, upper case.")
    source = models.CharField(
        max_length=11,
        choices=Source.choices,
        default=Source.CUSTOM,
        help_text="Who keeps it: people here, an outside party's program, or the shop platform.",
    )
    tax_inclusive_display = models.BooleanField(default=False, help_text="Prices are shown with tax in them.")

    objects = PriceListQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="price_list_is_known_by_its_site"),
            models.UniqueConstraint(fields=["site", "slug"], name="a_price_list_slug_is_taken_once_per_site"),
            models.CheckConstraint(condition=~Q(slug="") & ~Q(name=""), name="a_price_list_has_a_slug_and_a_name"),
            models.CheckConstraint(condition=Q(currency_code__regex="^[A-Z]{3}$"), name="a_price_list_has_a_currency"),
        ]
        indexes = [models.Index(fields=["site", "name", "id"], name="price_lists_by_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"


class PriceListRule(models.Model):
    """How prices of one list are made out of another's: exchanged into its currency, then a part added or taken off."""

    class Direction(models.TextChoices):
        PLUS = "plus", "Added"
        MINUS = "minus", "Taken off"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, **PROVEN_BY_REFERENCE)
    price_list = SiteForeignKey(PriceList, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower first: the first rule with a price counts.")
    source_price_list = SiteForeignKey(
        PriceList, related_name="sourced_by", help_text="The list whose prices these are made of."
    )
    adjustment_percentage = models.DecimalField(
        max_digits=1 + PERCENTAGE_DECIMALS,
        decimal_places=PERCENTAGE_DECIMALS,
        default=0,
        help_text="A fraction from 0 to 1: 0.15 is 15 %.",
    )
    adjustment_direction = models.CharField(max_length=5, choices=Direction.choices, default=Direction.PLUS)
    currency_exchange_rate = models.DecimalField(
        max_digits=RULE_RATE_DIGITS + RULE_RATE_DECIMALS,
        decimal_places=RULE_RATE_DECIMALS,
        default=1,
        help_text="Units of this list's currency for one unit of the source's.",
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = "rule"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "price_list", "position"], name="a_price_list_has_its_rules_in_an_order"
            ),
            models.CheckConstraint(
                condition=Q(adjustment_percentage__gte=0, adjustment_percentage__lte=1),
                name="a_rule_adds_or_takes_off_at_most_everything",
            ),
            models.CheckConstraint(
                condition=Q(currency_exchange_rate__gt=0), name="a_rule_exchanges_at_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(source_price_list=F("price_list")), name="a_price_list_is_not_its_own_source"
            ),
        ]

    def __str__(self) -> str:
        return _("%(list)s out of %(source)s") % {"list": self.price_list, "source": self.source_price_list}


@keeps_trail
class Price(models.Model):
    """What one piece of a SKU costs on a list from a quantity on. The SKU need not be a variant's (yet)."""

    class TaxType(models.TextChoices):
        NET = "net", "Net"
        GROSS = "gross", "Gross"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, **PROVEN_BY_REFERENCE)
    price_list = SiteForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices", db_index=False)
    sku = models.CharField("SKU", max_length=SKU_LENGTH)
    quantity = models.IntegerField(
        default=1, validators=[MinValueValidator(1)], help_text="The price is good from this many pieces on."
    )
    price = models.DecimalField(max_digits=18, decimal_places=6, help_text="Of one, in the currency of the list.")
    tax_type = models.CharField(max_length=5, choices=TaxType.choices, default=TaxType.NET)
    unit_of_measure = models.CharField(
        max_length=UNIT_LENGTH, null=True, blank=True, default=None, help_text="For example each."
    )
    display_tax_rate = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, blank=True, help_text="Per cent, of this SKU on this list."
    )

    objects = PriceQuerySet.as_manager()

    class Meta:
        ordering = ["sku", "quantity"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "price_list", "sku", "quantity"], name="a_sku_has_one_price_per_break_of_a_list"
            ),
            models.CheckConstraint(condition=~Q(sku=""), name="a_price_is_of_a_sku"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="a_price_begins_at_one_piece_or_more"),
            models.CheckConstraint(condition=Q(price__gte=0), name="a_price_is_not_negative"),
        ]
        indexes = [models.Index(fields=["site", "sku"], name="prices_by_sku")]

    def __str__(self) -> str:
        return _("%(sku)s from %(quantity)s") % {"sku": self.sku, "quantity": self.quantity}
