"""Refunds, which are few; built while others read and write."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


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
