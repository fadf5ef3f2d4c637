"""Who recorded a payment or refund; of those that are there already nobody knows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("purchasing", "0020_refunds_by_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="purchasetransaction",
            name="recorded_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="Who recorded it first.",
                max_length=255,
            ),
        ),
    ]
