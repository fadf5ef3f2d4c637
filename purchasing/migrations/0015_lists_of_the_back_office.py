"""Indexes behind lists and searches of the back office; built while others read and write."""

import django.contrib.postgres.indexes
from django.db import migrations, models

from core.concurrent_indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("customers", "0009_lists_of_the_back_office"),
        ("purchasing", "0014_mails"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="package",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("tracking", []), _negated=True),
                fields=["tracking"],
                name="tracked_packages",
                opclasses=["jsonb_path_ops"],
            ),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                models.F("site"),
                models.OrderBy(models.F("ordered_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("credit__gt", 0), ("deleted_at", None)),
                name="newest_in_credit",
            ),
        ),
        AddIndexConcurrently(
            model_name="purchaserevision",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="revisions_by_time"),
        ),
        AddIndexConcurrently(
            model_name="purchasetransaction",
            index=models.Index(
                fields=["site", "platform_id"],
                name="transactions_by_platform_id",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ),
    ]
