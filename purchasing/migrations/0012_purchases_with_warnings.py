"""An index of the few purchases that have warnings; built while others read and write."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

from core.concurrent_indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("purchasing", "0011_comments"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(fields=["site", "id"], condition=~Q(warnings=[]), name="purchases_with_warnings"),
        ),
    ]
