"""Changes of stock levels are kept in the trail."""

from __future__ import annotations

from django.db import migrations

from core.models.trail import KeepTrail


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_trail_of_changes"),
        ("catalog", "0001_initial"),
    ]

    operations = [
        KeepTrail("catalog_stock", kind="stock", name="sku", without="updated_at"),
    ]
