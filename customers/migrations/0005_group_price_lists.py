"""Groups name price lists for customers who have none of their own."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import core.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_group_settings"),
    ]

    operations = [
        migrations.AddField(
            model_name="customergroup",
            name="price_lists",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=64),
                blank=True,
                db_default=[],
                default=list,
                help_text="Slugs in the order of trial, for customers who have none of their own. "
                "Empty: those of the group above.",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="customergroup",
            name="parent",
            field=core.models.fields.SiteForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Whose order minimums and price lists hold where this group has none. "
                "Empty: those of the group default.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="children",
                to="customers.customergroup",
            ),
        ),
    ]
