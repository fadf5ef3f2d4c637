"""Changes of prices are kept in the trail."""

from __future__ import annotations

from django.db import migrations

from core.models.trail import KeepTrail


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_trail_of_changes"),
        ("pricing", "0002_price_lists"),
    ]

    operations = [
        KeepTrail("pricing_price", kind="price", name="sku"),
    ]
