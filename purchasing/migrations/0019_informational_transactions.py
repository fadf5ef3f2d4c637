"""Transactions that move no balance, which are few; built while others read and write."""

from django.db import migrations, models

from core.concurrent_indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("purchasing", "0018_lists_of_large_companies"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="purchasetransaction",
            index=models.Index(
                fields=["site", "created_at", "id"],
                condition=models.Q(("apply_to_balance", False)),
                name="informational_transactions",
            ),
        ),
    ]
