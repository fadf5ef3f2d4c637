"""Groups come under groups, and ask of an order what they like."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import core.models.fields
from core.models.fields import SiteReference


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_person_calls"),
        ("customers", "0003_entries_of_no_purchase"),
    ]

    operations = [
        migrations.AlterField(
            model_name="customergroup",
            name="slug",
            field=models.CharField(help_text="What programs call it. It cannot be changed later.", max_length=30),
        ),
        migrations.AddField(
            model_name="customergroup",
            name="parent",
            field=core.models.fields.SiteForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Whose order minimums hold where this group has none. Empty: those of the group default.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="children",
                to="customers.customergroup",
            ),
        ),
        migrations.AddConstraint(
            model_name="customergroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="a_group_is_not_its_own_parent"
            ),
        ),
        migrations.AddConstraint(
            model_name="customergroup",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("slug", "default"), _negated=True), ("parent", None), _connector="OR"),
                name="the_group_default_comes_under_no_other",
            ),
        ),
        SiteReference(
            "customers_customergroup",
            "parent_id",
            "customers_customergroup",
            name="a_group_comes_under_a_group_of_its_site",
        ),
        migrations.CreateModel(
            name="OrderMinimum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency_code", models.CharField(help_text="ISO 4217, upper case.", max_length=3)),
                (
                    "minimum_value",
                    models.DecimalField(
                        decimal_places=6,
                        help_text="0: nothing is asked for, whatever the group above asks.",
                        max_digits=18,
                    ),
                ),
                (
                    "compare_type",
                    models.CharField(
                        choices=[("gross", "Gross"), ("net", "Net")],
                        default="gross",
                        help_text="Whether the order's total counts with tax or without.",
                        max_length=5,
                    ),
                ),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="core.site")),
                (
                    "group",
                    core.models.fields.SiteForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="order_minimums",
                        to="customers.customergroup",
                    ),
                ),
            ],
            options={
                "ordering": ["group", "currency_code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "group", "currency_code"),
                        name="a_group_has_one_order_minimum_per_currency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum_value__gte", 0)), name="an_order_minimum_is_not_negative"
                    ),
                ],
            },
        ),
        SiteReference(
            "customers_orderminimum",
            "group_id",
            "customers_customergroup",
            name="an_order_minimum_is_of_a_group_of_its_site",
        ),
    ]
