"""The logo of a site."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_links_asked_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="site",
            name="logo_digest",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
        ),
        migrations.CreateModel(
            name="SiteLogo",
            fields=[
                (
                    "site",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="core.site",
                    ),
                ),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("content", models.BinaryField()),
            ],
        ),
    ]
