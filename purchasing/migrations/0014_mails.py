"""What somebody is mailed about a purchase."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import core.models.fields
from core.models.fields import SiteReference


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_language_of_a_person"),
        ("purchasing", "0013_failed_submissions"),
    ]

    operations = [
        migrations.CreateModel(
            name="PurchaseMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("confirmed", "confirmed"),
                            ("shipped", "shipped"),
                            ("approval_wanted", "approval_wanted"),
                            ("approved", "approved"),
                            ("rejected", "rejected"),
                            ("quote_sent", "quote_sent"),
                        ],
                        editable=False,
                        max_length=32,
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        db_default="",
                        editable=False,
                        help_text="Which package, or which revision; empty: the purchase.",
                        max_length=64,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("dropped", "Nobody to tell"),
                            ("failed", "Failed"),
                        ],
                        db_default="waiting",
                        default="waiting",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        help_text="Why the last attempt failed.",
                        max_length=255,
                    ),
                ),
                (
                    "told",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        db_default=[],
                        default=list,
                        editable=False,
                        help_text="The numbers of the customers it was handed over for.",
                        size=None,
                    ),
                ),
                ("noted_at", models.DateTimeField(editable=False)),
                ("done_at", models.DateTimeField(editable=False, null=True)),
                (
                    "purchase",
                    core.models.fields.SiteForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
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
                        related_name="+",
                        to="core.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "e-mail",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["site", "-id"], name="newest_mails"),
                    models.Index(
                        condition=models.Q(("state", "failed")), fields=["site", "id"], name="mails_that_failed"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "purchase", "kind", "subject"),
                        name="nobody_is_told_the_same_of_a_purchase_twice",
                    )
                ],
            },
        ),
        SiteReference(
            "purchasing_purchasemail", "purchase_id", "purchasing_purchase", name="a_mail_is_of_a_purchase_of_its_site"
        ),
    ]
