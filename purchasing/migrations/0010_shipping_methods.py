"""How goods may be sent, and what that costs."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import core.models.fields
from core.models.fields import SiteReference


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_person_calls"),
        ("purchasing", "0009_posted_and_not_settled"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShippingMethod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sku",
                    models.CharField(
                        help_text="What programs call it; unique on the site, not sm_….",
                        max_length=50,
                        verbose_name="SKU",
                    ),
                ),
                ("title", models.CharField(help_text="What buyers read.", max_length=50)),
                ("priority", models.PositiveSmallIntegerField(default=0, help_text="0 to 127; lower first.")),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3),
                        help_text="Where it sends to: codes of 2 or 3 letters, such as GB, IE.",
                        size=None,
                    ),
                ),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        help_text="Slugs of the customer groups it is for, with those below them; default: everybody.",
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("updated_at", models.DateTimeField(editable=False)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipping_methods",
                        to="core.site",
                    ),
                ),
            ],
            options={
                "ordering": ["priority", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("site", "id"), name="shipping_method_is_known_by_its_site"),
                    models.UniqueConstraint(
                        fields=("site", "sku"), name="a_shipping_method_sku_is_taken_once_per_site"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__lte", 127)), name="a_shipping_method_s_priority_is_at_most_127"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShippingBand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(editable=False)),
                ("name", models.CharField(blank=True, default="", max_length=255)),
                ("priority", models.PositiveSmallIntegerField(default=0, help_text="0 to 127; lower first.")),
                ("sku", models.CharField(blank=True, default="", max_length=50, verbose_name="SKU")),
                (
                    "requirement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Any goods"),
                            ("weight", "Weight, in grams"),
                            ("price", "Value of the goods, with tax"),
                        ],
                        default="",
                        help_text="What has to be within the limits.",
                        max_length=6,
                    ),
                ),
                (
                    "minimum",
                    models.DecimalField(decimal_places=6, default=0, help_text="Still included.", max_digits=18),
                ),
                (
                    "maximum",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Still included. Empty or 0: no limit.",
                        max_digits=18,
                        null=True,
                    ),
                ),
                (
                    "cost_type",
                    models.CharField(
                        choices=[("free", "Free"), ("fixed", "A fixed amount, with tax")],
                        default="free",
                        max_length=5,
                        verbose_name="cost",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Of a fixed cost, with tax.",
                        max_digits=18,
                        null=True,
                    ),
                ),
                (
                    "currency_code",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Of value and amount: the band is for orders in this currency alone. "
                        "Empty: where it has neither.",
                        max_length=3,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="core.site",
                    ),
                ),
                (
                    "method",
                    core.models.fields.SiteForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bands",
                        to="purchasing.shippingmethod",
                    ),
                ),
            ],
            options={
                "ordering": ["method", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "method", "position"), name="a_band_has_a_place_of_its_own"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__lte", 127)), name="a_band_s_priority_is_at_most_127"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum__gte", 0),
                            models.Q(
                                ("maximum", None),
                                ("maximum", 0),
                                ("maximum__gte", models.F("minimum")),
                                _connector="OR",
                            ),
                        ),
                        name="a_band_s_limits_hold_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", None), ("cost_type", "free")),
                            models.Q(("amount__gte", 0), ("cost_type", "fixed")),
                            _connector="OR",
                        ),
                        name="a_fixed_cost_has_an_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("currency_code", ""), _negated=True),
                            models.Q(("cost_type", "free"), models.Q(("requirement", "price"), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_band_with_money_has_a_currency",
                    ),
                ],
            },
        ),
        SiteReference(
            "purchasing_shippingband",
            "method_id",
            "purchasing_shippingmethod",
            name="a_band_is_of_a_shipping_method_of_its_site",
        ),
    ]
