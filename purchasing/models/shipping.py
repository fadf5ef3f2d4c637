"""How goods may be sent, and what that costs.

Life: a method is set up with the countries and customer groups it is for, and with bands, of which each says for which
weight or value of goods it holds and what it costs. It is changed as prices change; purchases keep a copy of what they
were placed with. Which methods an order may choose: `purchasing.shipping.choice`.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.ids import SHIPPING_METHOD, number_of, public_id
from core.models import Site
from core.models.fields import PROVEN_BY_REFERENCE, SiteForeignKey
from core.tenancy import SiteQuerySet

HIGHEST_PRIORITY = 127


class ShippingMethodQuerySet(SiteQuerySet["ShippingMethod"]):
    def identified(self, identifier: str) -> ShippingMethodQuerySet:
        """The one that an id (`sm_12`) or a SKU names; ask within a site."""
        number = number_of(SHIPPING_METHOD, identifier)
        if number is not None:
            return self.filter(pk=number)
        return self.none() if identifier.startswith(SHIPPING_METHOD) else self.filter(sku=identifier)


class ShippingMethod(models.Model):
    """A way of sending goods. Lower priorities come first."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="shipping_methods")
    sku = models.CharField("SKU", max_length=50, help_text="What programs call it; unique on the site, not sm_….")
    title = models.CharField(max_length=50, help_text="What buyers read.")
    priority = models.PositiveSmallIntegerField(default=0, help_text="0 to 127; lower first.")
    countries = ArrayField(
        models.CharField(max_length=3), help_text="Where it sends to: codes of 2 or 3 letters, such as GB, IE."
    )
    groups = ArrayField(
        models.CharField(max_length=30),
        blank=True,
        default=list,
        help_text="Slugs of the customer groups it is for, with those below them; default: everybody.",
    )
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)

    objects = ShippingMethodQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="shipping_method_is_known_by_its_site"),
            models.UniqueConstraint(fields=["site", "sku"], name="a_shipping_method_sku_is_taken_once_per_site"),
            models.CheckConstraint(
                condition=Q(priority__lte=HIGHEST_PRIORITY), name="a_shipping_method_s_priority_is_at_most_127"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_id(self) -> str:
        """`sm_12`."""
        return public_id(SHIPPING_METHOD, self.pk)


class ShippingBand(models.Model):
    """What a method costs for goods of some weight or value. The first one that fits counts, lower priorities first."""

    class Requirement(models.TextChoices):
        NONE = "", "Any goods"
        WEIGHT = "weight", "Weight, in grams"
        PRICE = "price", "Value of the goods, with tax"

    class Cost(models.TextChoices):
        FREE = "free", "Free"
        FIXED = "fixed", "A fixed amount, with tax"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, editable=False, **PROVEN_BY_REFERENCE)
    method = SiteForeignKey(ShippingMethod, on_delete=models.CASCADE, related_name="bands")
    position = models.PositiveSmallIntegerField(editable=False)
    name = models.CharField(max_length=255, blank=True, default="")
    priority = models.PositiveSmallIntegerField(default=0, help_text="0 to 127; lower first.")
    sku = models.CharField("SKU", max_length=50, blank=True, default="")
    requirement = models.CharField(
        max_length=6, choices=Requirement.choices, blank=True, default="", help_text="What has to be within the limits."
    )
    minimum = models.DecimalField(max_digits=18, decimal_places=6, default=0, help_text="Still included.")
    maximum = models.DecimalField(
        max_digits=18, decimal_places=6, null=True, blank=True, help_text="Still included. Empty or 0: no limit."
    )
    cost_type = models.CharField("cost", max_length=5, choices=Cost.choices, default=Cost.FREE)
    amount = models.DecimalField(
        max_digits=18, decimal_places=6, null=True, blank=True, help_text="Of a fixed cost, with tax."
    )
    currency_code = models.CharField(
        max_length=3,
        blank=True,
        default="",
        help_text="Of value and amount: the band is for orders in this currency alone. Empty: where it has neither.",
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["method", "position"]
        constraints = [
            models.UniqueConstraint(fields=["site", "method", "position"], name="a_band_has_a_place_of_its_own"),
            models.CheckConstraint(
                condition=Q(priority__lte=HIGHEST_PRIORITY), name="a_band_s_priority_is_at_most_127"
            ),
            models.CheckConstraint(
                condition=Q(minimum__gte=0) & (Q(maximum=None) | Q(maximum=0) | Q(maximum__gte=F("minimum"))),
                name="a_band_s_limits_hold_something",
            ),
            models.CheckConstraint(
                condition=Q(cost_type="free", amount=None) | Q(cost_type="fixed", amount__gte=0),
                name="a_fixed_cost_has_an_amount",
            ),
            models.CheckConstraint(
                condition=~Q(currency_code="") | (Q(cost_type="free") & ~Q(requirement="price")),
                name="a_band_with_money_has_a_currency",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.sku or self.get_requirement_display()
