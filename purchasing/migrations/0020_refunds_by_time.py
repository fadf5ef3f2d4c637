"""Refunds, which are few; built while others read and write."""

from django.db import migrations, models

from core.concurrent_indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("purchasing", "0019_informational_transactions"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="purchasetransaction",
            index=models.Index(
                fields=["site", "created_at", "id"],
                condition=models.Q(("total__lt", 0)),
                name="refunds_by_time",
            ),
        ),
    ]
