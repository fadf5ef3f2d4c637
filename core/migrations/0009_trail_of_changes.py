"""Who changed what, when, from what to what: the trail, what writes it, and the settings as its first table."""

from __future__ import annotations

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import core.models.trail


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0008_logo_of_a_site"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(editable=False, max_length=16)),
                ("row_id", models.BigIntegerField(editable=False)),
                (
                    "name",
                    models.CharField(editable=False, help_text="SKU, key or id of what was changed.", max_length=255),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("actor", models.CharField(editable=False, max_length=320, verbose_name="who")),
                ("before", models.JSONField(decoder=core.models.trail.ExactDecoder, editable=False, null=True)),
                ("after", models.JSONField(decoder=core.models.trail.ExactDecoder, editable=False, null=True)),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="core.site",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["site", "kind", "row_id", "-id"], name="changes_of_a_row"),
                    models.Index(fields=["site", "name", "-id"], name="changes_by_name"),
                    django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="changes_by_day"),
                ],
            },
        ),
        migrations.RunSQL(core.models.trail.NOTE_CHANGES, "DROP FUNCTION core_note_changes()"),
        core.models.trail.KeepTrail("core_sitesetting", kind="sitesetting", name="key"),
    ]
