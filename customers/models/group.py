"""Groups that customers of a site belong to, what a group asks of an order, and by which lists it is priced.

Life: the group `default` is made with its site and stays; others are made, come under another one, and go when nobody
uses them any more, their settings with them. A group that sets nothing for a currency has what the one above it has;
one without price lists has those of the nearest above it that has some.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.formats import number_format

from core.models import Site
from core.models.fields import SiteForeignKey
from core.money import price_text
from core.tenancy import SiteQuerySet

DEFAULT_GROUP = "default"
"""The group every site has, made with the site. Later forms of the API call it `base`."""


class CustomerGroup(models.Model):
    """A group that customers belong to. Every site has one undeletable group `default`, which all others come under."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    slug = models.CharField(max_length=30, help_text="What programs call it. It cannot be changed later.")
    name = models.CharField(max_length=256)
    parent = SiteForeignKey(
        "self",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="children",
        help_text="Whose order minimums and price lists hold where this group has none. "
        "Empty: those of the group default.",
    )
    price_lists = ArrayField(
        models.CharField(max_length=64),
        blank=True,
        default=list,
        db_default=[],
        help_text="Slugs in the order of trial, for customers who have none of their own. "
        "Empty: those of the group above.",
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["site", "id"], name="group_is_known_by_its_site"),
            models.UniqueConstraint(fields=["site", "slug"], name="a_group_slug_is_taken_once_per_site"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="a_group_is_not_its_own_parent"),
            models.CheckConstraint(
                condition=~Q(slug=DEFAULT_GROUP) | Q(parent=None), name="the_group_default_comes_under_no_other"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrderMinimum(models.Model):
    """What an order of a group's customers has to come to, in one currency. 0: nothing is asked for."""

    class CompareType(models.TextChoices):
        GROSS = "gross", "Gross"
        NET = "net", "Net"

    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    group = SiteForeignKey(CustomerGroup, on_delete=models.CASCADE, related_name="order_minimums")
    currency_code = models.CharField(max_length=3, help_text="ISO 4217, upper case.")
    minimum_value = models.DecimalField(
        max_digits=18,
        decimal_places=6,
        help_text="0: nothing is asked for, whatever the group above asks.",
    )
    compare_type = models.CharField(
        max_length=5,
        choices=CompareType.choices,
        default=CompareType.GROSS,
        help_text="Whether the order's total counts with tax or without.",
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["group", "currency_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "group", "currency_code"], name="a_group_has_one_order_minimum_per_currency"
            ),
            models.CheckConstraint(condition=Q(minimum_value__gte=0), name="an_order_minimum_is_not_negative"),
        ]

    def __str__(self) -> str:
        figure = price_text(self.minimum_value, self.currency_code)
        return f"{number_format(figure, force_grouping=True)} {self.currency_code}"
