"""Changes of customers are kept in the trail."""

from __future__ import annotations

from django.db import migrations

from core.models.trail import KeepTrail


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_trail_of_changes"),
        ("customers", "0009_lists_of_the_back_office"),
    ]

    operations = [
        KeepTrail("customers_customer", kind="customer", name="id", without="created_at updated_at"),
    ]
