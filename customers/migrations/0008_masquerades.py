"""Who of the staff was in whose My account, and when."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.models.fields
from core.models.fields import SiteReference


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_import_uploads"),
        ("customers", "0007_erased_persons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Masquerade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "staff_email",
                    models.CharField(
                        editable=False,
                        help_text="His e-mail when it began.",
                        max_length=320,
                        verbose_name="member of staff",
                    ),
                ),
                ("started_at", models.DateTimeField(editable=False, verbose_name="began")),
                ("ends_at", models.DateTimeField(editable=False, help_text="When it ends by itself.")),
                ("ended_at", models.DateTimeField(editable=False, help_text="When it was ended before.", null=True)),
                (
                    "customer",
                    core.models.fields.SiteForeignKey(
                        db_constraint=False,
                        editable=False,
                        help_text="Whom he acted for.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="masquerades",
                        to="customers.customer",
                        verbose_name="as",
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
                    "staff",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "log-in as a customer",
                "verbose_name_plural": "log-ins as customers",
                "ordering": ["-started_at", "-id"],
                "indexes": [models.Index(fields=["site", "-started_at"], name="masquerades_of_a_site")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="a_masquerade_ends_after_it_began",
                    )
                ],
            },
        ),
        SiteReference(
            "customers_masquerade",
            "customer_id",
            "customers_customer",
            name="a_masquerade_is_of_a_customer_of_its_site",
        ),
    ]
