"""What members of staff tell one another about a purchase."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import core.models.fields
from core.models.fields import SiteReference


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_staff_roles"),
        ("purchasing", "0010_shipping_methods"),
    ]

    operations = [
        migrations.CreateModel(
            name="PurchaseComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(help_text="Staff alone read this.", max_length=10000)),
                ("author", models.CharField(editable=False, max_length=320)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "purchase",
                    core.models.fields.SiteForeignKey(
                        db_constraint=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="purchasing.purchase",
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
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["site", "purchase"], name="comments_of_a_purchase")],
            },
        ),
        SiteReference(
            "purchasing_purchasecomment",
            "purchase_id",
            "purchasing_purchase",
            name="a_comment_is_of_a_purchase_of_its_site",
        ),
    ]
