"""An index behind every filter and order of the list, and behind its search; built while others read and write."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
from django.db import migrations, models
from django.db.models import F, Q

from core.concurrent_indexes import AddIndexConcurrently


def newest_of(column: str, name: str, condition: Q) -> AddIndexConcurrently:
    """The order of the list within each value of a column."""
    return AddIndexConcurrently(
        model_name="purchase",
        index=models.Index(
            F("site"), F(column), F("ordered_at").desc(), F("id").desc(), condition=condition, name=name
        ),
    )


PRESENT = Q(("deleted_at", None))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("purchasing", "0007_fill_words"),
    ]

    operations = [
        newest_of("type", "newest_of_type", PRESENT),
        newest_of("calculated_fulfilment_status", "newest_of_fulfilment", PRESENT),
        newest_of("calculated_payment_status", "newest_of_payment", PRESENT),
        newest_of("currency_code", "newest_of_currency", PRESENT),
        newest_of("customer_reference", "newest_of_customer_reference", PRESENT & ~Q(customer_reference="")),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                F("site"),
                F("ordered_at").desc(),
                F("id").desc(),
                condition=Q(("deleted_at", None), ("outstanding__gt", 0)),
                name="newest_outstanding",
            ),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                F("site"),
                django.db.models.functions.comparison.Coalesce("created_at", "stored_at"),
                F("id"),
                condition=PRESENT,
                name="purchases_by_creation",
            ),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                F("site"),
                django.db.models.functions.comparison.Collate("visible_id", "C"),
                F("id"),
                condition=PRESENT,
                name="purchases_by_number",
            ),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(fields=["site", "deleted_at", "id"], condition=~PRESENT, name="purchases_by_deletion"),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words"], gin_pending_list_limit=256, name="purchases_by_words"
            ),
        ),
    ]
