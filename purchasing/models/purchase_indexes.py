"""By which indexes lists, searches and sums find purchases: most of them the newest first of a site."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Collate
from django.db.models.lookups import Exact

from purchasing.warnings import SUSPECTED_DUPLICATE


def header_text(member: str) -> models.Func:
    """A text of the document's header; null where it is null."""
    return models.Func(F("header"), Value(member), function="json_extract_path_text", output_field=models.TextField())


UNDECIDED = (Q(type="quote") & Q(Exact(header_text("quote_status"), Value("sent")))) | Q(
    type="awaiting_approval", approval__isnull=True
)
"""What waits for a decision, quotes that have expired meanwhile too: what an index can know."""


def _newest(name: str, condition: Q, *by: str) -> models.Index:
    """Those of a site that are alike in `by`, in the order of lists."""
    return models.Index(F("site"), *map(F, by), F("ordered_at").desc(), F("id").desc(), condition=condition, name=name)


INDEXES: list[models.Index] = [
    _newest("newest_purchases", Q(deleted_at=None)),
    _newest("newest_of_customer", Q(deleted_at=None), "customer"),
    _newest("newest_of_child", Q(deleted_at=None, child__isnull=False), "child"),
    _newest("newest_of_agent", Q(deleted_at=None, impersonator__isnull=False), "impersonator"),
    _newest("newest_of_type", Q(deleted_at=None), "type"),
    _newest("newest_of_fulfilment", Q(deleted_at=None), "calculated_fulfilment_status"),
    _newest("newest_of_payment", Q(deleted_at=None), "calculated_payment_status"),
    _newest("newest_of_currency", Q(deleted_at=None), "currency_code"),
    _newest("newest_of_customer_reference", Q(deleted_at=None) & ~Q(customer_reference=""), "customer_reference"),
    _newest("newest_outstanding", Q(deleted_at=None, outstanding__gt=0)),
    _newest("newest_in_credit", Q(deleted_at=None, credit__gt=0)),
    models.Index(fields=["site", "changed_at", "id"], name="purchases_by_change"),
    models.Index(
        F("site"),
        Coalesce("created_at", "stored_at"),
        F("id"),
        condition=Q(deleted_at=None),
        name="purchases_by_creation",
    ),
    models.Index(
        F("site"),
        Collate("visible_id", "C"),
        F("id"),
        condition=Q(deleted_at=None),
        name="purchases_by_number",
    ),
    models.Index(
        F("site"),
        F("calculated_total").desc(),
        F("id").desc(),
        condition=Q(deleted_at=None),
        name="purchases_by_total",
    ),
    models.Index(fields=["site", "deleted_at", "id"], condition=~Q(deleted_at=None), name="purchases_by_deletion"),
    models.Index(fields=["site", "spark_id"], condition=~Q(deleted_at=None), name="gone_by_sparklayer_id"),
    GinIndex(fields=["words"], gin_pending_list_limit=256, name="purchases_by_words"),
    # With what a credit sums of it, so that thousands of unsettled orders are read from the index alone.
    models.Index(
        fields=["site", "account", "id"],
        include=["posted_currency_code", "posted_charge", "paid", "refunded"],
        condition=Q(account__isnull=False) & (~Q(outstanding=0) | ~Q(credit=0)),
        name="not_settled_of_account",
    ),
    models.Index(
        F("site"),
        Coalesce("account", "customer", "child"),
        F("id"),
        condition=Q(deleted_at=None, type__in=["order_unconfirmed", "awaiting_approval"]),
        name="waiting_of_payer",
    ),
    _newest("newest_to_decide", Q(deleted_at=None, type__in=["quote", "awaiting_approval"])),
    *(_newest(f"undecided_of_{role}", Q(deleted_at=None) & UNDECIDED, role) for role in ("customer", "child")),
    models.Index(fields=["site", "id"], condition=~Q(warnings=[]), name="purchases_with_warnings"),
    models.Index(
        fields=["site", "id"],
        condition=Q(warnings__contains=[{"code": SUSPECTED_DUPLICATE}]),
        name="purchases_with_twins",
    ),
    models.Index(fields=["site", "id"], condition=Q(usd_rate=None, deleted_at=None), name="purchases_without_a_rate"),
    *(
        models.Index(
            fields=["site", role, "ordered_at", "id"],
            condition=Q(deleted_at=None, open_quantity__gt=0, type__in=["order", "order_unconfirmed"])
            & Q(**{f"{role}__isnull": False}),
            name=f"waited_for_by_{role}",
        )
        for role in ("customer", "child")
    ),
]
