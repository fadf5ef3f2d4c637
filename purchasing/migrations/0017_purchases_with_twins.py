"""Purchases with payments that look like one sent twice; built while others read and write."""

from django.db import migrations, models

from core.concurrent_indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("purchasing", "0016_purchases_by_total"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                fields=["site", "id"],
                condition=models.Q(("warnings__contains", [{"code": "suspected-duplicate-transaction"}])),
                name="purchases_with_twins",
            ),
        ),
    ]
