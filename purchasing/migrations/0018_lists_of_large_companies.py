"""What a company with very many orders is listed and summed by; built while others read and write.

Three take the place of those that held no more than whose a row is.
"""

from django.db import migrations, models
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from core.concurrent_indexes import AddIndexConcurrently, RemoveIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("purchasing", "0017_purchases_with_twins"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                condition=models.Q(
                    ("account__isnull", False),
                    models.Q(
                        models.Q(("outstanding", 0), _negated=True),
                        models.Q(("credit", 0), _negated=True),
                        _connector="OR",
                    ),
                ),
                fields=["site", "account", "id"],
                include=("posted_currency_code", "posted_charge", "paid", "refunded"),
                name="not_settled_of_account",
            ),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                models.F("site"),
                Coalesce("account", "customer", "child"),
                models.F("id"),
                condition=models.Q(("deleted_at", None), ("type__in", ["order_unconfirmed", "awaiting_approval"])),
                name="waiting_of_payer",
            ),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                models.F("site"),
                models.OrderBy(models.F("ordered_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at", None), ("type__in", ["quote", "awaiting_approval"])),
                name="newest_to_decide",
            ),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                models.F("site"),
                models.F("customer"),
                models.OrderBy(models.F("ordered_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("deleted_at", None),
                    models.Q(
                        models.Q(
                            ("type", "quote"),
                            Exact(
                                models.Func(
                                    models.F("header"),
                                    models.Value("quote_status"),
                                    function="json_extract_path_text",
                                    output_field=models.TextField(),
                                ),
                                models.Value("sent"),
                            ),
                        ),
                        models.Q(("approval__isnull", True), ("type", "awaiting_approval")),
                        _connector="OR",
                    ),
                ),
                name="undecided_of_customer",
            ),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                models.F("site"),
                models.F("child"),
                models.OrderBy(models.F("ordered_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("deleted_at", None),
                    models.Q(
                        models.Q(
                            ("type", "quote"),
                            Exact(
                                models.Func(
                                    models.F("header"),
                                    models.Value("quote_status"),
                                    function="json_extract_path_text",
                                    output_field=models.TextField(),
                                ),
                                models.Value("sent"),
                            ),
                        ),
                        models.Q(("approval__isnull", True), ("type", "awaiting_approval")),
                        _connector="OR",
                    ),
                ),
                name="undecided_of_child",
            ),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                condition=models.Q(
                    ("deleted_at", None),
                    ("open_quantity__gt", 0),
                    ("type__in", ["order", "order_unconfirmed"]),
                    ("customer__isnull", False),
                ),
                fields=["site", "customer", "ordered_at", "id"],
                name="waited_for_by_customer",
            ),
        ),
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                condition=models.Q(
                    ("deleted_at", None),
                    ("open_quantity__gt", 0),
                    ("type__in", ["order", "order_unconfirmed"]),
                    ("child__isnull", False),
                ),
                fields=["site", "child", "ordered_at", "id"],
                name="waited_for_by_child",
            ),
        ),
        RemoveIndexConcurrently(
            model_name="purchase",
            name="open_orders_of_customer",
        ),
        RemoveIndexConcurrently(
            model_name="purchase",
            name="open_orders_of_child",
        ),
        RemoveIndexConcurrently(
            model_name="purchase",
            name="purchases_that_wait",
        ),
        RemoveIndexConcurrently(
            model_name="purchase",
            name="posted_and_not_settled",
        ),
    ]
