"""SparkLayer ids of deleted purchases, which new ones do not get again; built while others read and write."""

from django.db import migrations, models

from core.concurrent_indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("purchasing", "0021_who_recorded_transactions"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                fields=["site", "spark_id"],
                condition=models.Q(("deleted_at", None), _negated=True),
                name="gone_by_sparklayer_id",
            ),
        ),
    ]
