"""The orders and filters of catalogue lists; built while others read and write."""

from django.db import migrations, models

from core.concurrent_indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0002_trail_of_stock"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                fields=["site", "title", "id"],
                name="products_by_title",
            ),
        ),
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                fields=["site", "external_id", "id"],
                name="products_by_external_id",
            ),
        ),
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                fields=["site", "created_at", "id"],
                name="products_by_creation",
            ),
        ),
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                fields=["site", "updated_at", "id"],
                name="products_by_change",
            ),
        ),
        AddIndexConcurrently(
            model_name="productvariant",
            index=models.Index(
                fields=["site", "external_id", "id"],
                name="variants_by_external_id",
            ),
        ),
        AddIndexConcurrently(
            model_name="productvariant",
            index=models.Index(
                fields=["site", "position", "id"],
                name="variants_by_position",
            ),
        ),
        AddIndexConcurrently(
            model_name="productvariant",
            index=models.Index(
                fields=["site", "created_at", "id"],
                name="variants_by_creation",
            ),
        ),
        AddIndexConcurrently(
            model_name="productvariant",
            index=models.Index(
                fields=["site", "updated_at", "id"],
                name="variants_by_change",
            ),
        ),
        AddIndexConcurrently(
            model_name="productvariant",
            index=models.Index(
                fields=["site", "status", "id"],
                condition=models.Q(("status", "live"), _negated=True),
                name="variants_that_are_not_live",
            ),
        ),
    ]
