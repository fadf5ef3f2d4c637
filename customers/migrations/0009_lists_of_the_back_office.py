"""An index behind the ledger's dates in the back office; built while others read and write."""

import django.contrib.postgres.indexes
from django.db import migrations

from core.concurrent_indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("customers", "0008_masquerades"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="accountentry",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["posted_at"], name="entries_by_time"),
        ),
    ]
