"""Indexes behind searches of the catalogue; built while others read and write."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.models import Func

from core.concurrent_indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0004_parts_of_words"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=GinIndex(
                Func("site", "title", "slug", "external_id", function="catalog_parts"),
                name="products_by_parts",
                gin_pending_list_limit=256,
            ),
        ),
        AddIndexConcurrently(
            model_name="productvariant",
            index=GinIndex(
                Func("site", "sku", "external_id", function="catalog_parts"),
                name="variants_by_parts",
                gin_pending_list_limit=256,
            ),
        ),
        AddIndexConcurrently(
            model_name="variantoption",
            index=GinIndex(
                Func("site", "value", function="catalog_parts"),
                name="options_by_parts",
                gin_pending_list_limit=256,
            ),
        ),
    ]
