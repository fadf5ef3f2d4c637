"""Where the last write of each caller ended, for reading from replicas."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_trail_of_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecentWrite",
            fields=[
                ("caller", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("written_at", models.DateTimeField()),
            ],
        ),
        # A note costs no sync, and a replica has no use for it.
        migrations.RunSQL("ALTER TABLE core_recentwrite SET UNLOGGED", "ALTER TABLE core_recentwrite SET LOGGED"),
    ]
