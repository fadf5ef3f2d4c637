"""Who erased a person when."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_customers_created_at")]

    operations = [
        migrations.AddField(
            "customer",
            "erased_at",
            models.DateTimeField(blank=True, editable=False, help_text="When the person was erased.", null=True),
        ),
        migrations.AddField(
            "customer",
            "erased_by",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=320),
        ),
    ]
