"""Repairing a purchase: its document and its transactions are believed, the rest is written or posted again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction

from core.money import ZERO
from customers.ledger import Kind, Posting
from purchasing import effects, store
from purchasing.books.differences import REPAIRER, Difference, check_purchases
from purchasing.books.repair_accounts import post
from purchasing.compose import warnings_of
from purchasing.documents import read_document
from purchasing.warnings import USD_RATE_MISSING, warn

_TABLES = {"package": "purchasing_package", "line": "purchasing_lineitem"}
_NOT_WRITTEN = {"warned", "account_id", "posted_charge", "posted_currency_code"}
"""Fields of a purchase that are not simply written: settling or posting sets them."""


@transaction.atomic
def repair_purchase(site_id: int, purchase_id: int) -> None:
    purchase = store.lock_purchase(site_id=site_id, purchase_id=purchase_id)
    if purchase is None:  # entries that name a purchase which is not there
        _take_back(site_id, purchase_id, _standing(site_id, purchase_id))
        return
    _restore_document(site_id, purchase_id)
    differences = _differences(site_id, purchase_id)
    account_id = purchase.account_id
    for difference in differences:
        if difference.part == "purchase":
            fields = difference.fields
            account_id = fields["account_id"][1] if "account_id" in fields else account_id
            _write_purchase(site_id, purchase_id, {name: fields[name][1] for name in fields.keys() - _NOT_WRITTEN})
            if "warned" in fields:
                _warn_of_document(site_id, purchase_id)
        elif difference.part == "history":
            _forget(site_id, difference.key)
    _write_parts(site_id, purchase_id, [item for item in differences if item.part in _TABLES])
    _settle_from_entries(site_id, purchase_id, account_id)


def _differences(site_id: int, purchase_id: int) -> list[Difference]:
    return list(check_purchases(sites=[site_id], first=purchase_id, last=purchase_id))


def _restore_document(site_id: int, purchase_id: int) -> None:
    """The document is the one of the last revision, and its number is how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE purchasing_purchase AS purchase "
            "SET header = last.header, contents = last.contents, revision = last.count "
            "FROM (SELECT header, contents, count(*) OVER () FROM purchasing_purchaserevision "
            "WHERE site_id = %(site_id)s AND purchase_id = %(id)s ORDER BY number DESC LIMIT 1) AS last "
            "WHERE purchase.site_id = %(site_id)s AND purchase.id = %(id)s",
            {"site_id": site_id, "id": purchase_id},
        )


def _write_purchase(site_id: int, purchase_id: int, columns: dict[str, Any]) -> None:
    """Set columns of a purchase to the members of a JSON object."""
    if not columns:
        return
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE purchasing_purchase SET ({names}) = "  # noqa: S608  # names of columns
            f"(SELECT {names} FROM json_populate_record(NULL::purchasing_purchase, %s::json)) "
            "WHERE site_id = %s AND id = %s",
            [_json(columns), site_id, purchase_id],
        )


def _warn_of_document(site_id: int, purchase_id: int) -> None:
    """The warnings that the document gives rise to, worked out from it again; settling works out the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT header::text, contents::text, usd_rate IS NULL FROM purchasing_purchase "
            "WHERE site_id = %s AND id = %s",
            [site_id, purchase_id],
        )
        header, contents, without_rate = cursor.fetchone()
        warnings = warnings_of(read_document({**orjson.loads(header), **orjson.loads(contents)}))
        if without_rate:
            warnings.append(warn(USD_RATE_MISSING, "calculated_total_usd", "no exchange rate to USD for its day"))
        cursor.execute(
            "UPDATE purchasing_purchase SET warnings = %s::jsonb WHERE site_id = %s AND id = %s",
            [orjson.dumps(warnings).decode(), site_id, purchase_id],
        )


def _write_parts(site_id: int, purchase_id: int, differences: Sequence[Difference]) -> None:
    """Packages and lines as the document has them: strays go, the others are written. Packages first."""
    with connection.cursor() as cursor:
        for difference in sorted(differences, key=lambda item: item.part, reverse=True):
            table = _TABLES[difference.part]
            if difference.should is None:
                if difference.part == "package":
                    cursor.execute(
                        "DELETE FROM purchasing_lineitem WHERE site_id = %s AND purchase_id = %s AND package_id = %s "
                        "AND NOT id = ANY(%s)",
                        [site_id, purchase_id, difference.key, _ids(differences)],
                    )
                cursor.execute(
                    f"DELETE FROM {table} WHERE site_id = %s AND purchase_id = %s AND id = %s",  # noqa: S608  # a fixed name
                    [site_id, purchase_id, difference.key],
                )
                continue
            names = ", ".join(difference.should)
            news = ", ".join(f"EXCLUDED.{name}" for name in difference.should)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_record(NULL::{table}, %s::json) "  # noqa: S608  # names of columns
                f"ON CONFLICT (id) DO UPDATE SET ({names}) = ROW({news})",
                [_json(difference.should)],
            )


def _ids(differences: Sequence[Difference]) -> list[int]:
    """The lines that the document has among these."""
    return [int(item.key) for item in differences if item.part == "line" and item.should]


def _json(columns: dict[str, Any]) -> str:
    return orjson.dumps(columns, default=str).decode()


def _forget(site_id: int, transaction_id: str) -> None:
    """Remove what the purchase history tells of a transaction; settling tells it again where it is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM purchasing_purchasehistory WHERE site_id = %s AND transaction_id = %s",
            [site_id, transaction_id],
        )


@dataclass(frozen=True, slots=True)
class _Figure:
    """What the entries of a purchase come to on one account: for its charge, or for one transaction."""

    customer_id: int
    currency_code: str
    transaction_id: UUID | None
    amount: Decimal
    value_date: date
    spark_id: UUID | None


def _standing(site_id: int, purchase_id: int) -> list[_Figure]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account.customer_id, account.currency_code, entry.transaction_id, sum(entry.amount), "
            "(array_agg(entry.value_date ORDER BY entry.id))[1], "
            "(array_agg(entry.purchase_spark_id ORDER BY entry.id))[1] "
            "FROM customers_accountentry AS entry JOIN customers_account AS account ON account.id = entry.account_id "
            "WHERE entry.site_id = %s AND entry.purchase_id = %s GROUP BY 1, 2, 3 HAVING sum(entry.amount) <> 0 "
            "ORDER BY 1, 2, 3",
            [site_id, purchase_id],
        )
        return [_Figure(*row) for row in cursor.fetchall()]


def _settle_from_entries(site_id: int, purchase_id: int, account_id: int | None) -> None:
    """Take the posted figures from the entries, take back what stands in the wrong place, and settle the rest.

    What stands on `account_id`, in the purchase's currency and for its charge or a transaction it has, is kept. When
    nothing does, settling finds the account anew.
    """
    purchase = store.lock_purchase(site_id=site_id, purchase_id=purchase_id)
    assert purchase is not None
    read = store.read_transactions(site_id=site_id, purchase_ids=[purchase_id])
    transactions = {item.id for item in read.get(purchase_id, [])}
    kept: dict[UUID | None, Decimal] = {}
    strays = []
    for figure in _standing(site_id, purchase_id):
        in_place = (figure.customer_id, figure.currency_code) == (account_id, purchase.currency_code)
        if in_place and (figure.transaction_id is None or figure.transaction_id in transactions):
            kept[figure.transaction_id] = figure.amount
        else:
            strays.append(figure)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE purchasing_purchase SET posted_charge = %s, account_id = %s, posted_currency_code = %s "
            "WHERE site_id = %s AND id = %s",
            [
                kept.get(None, ZERO),
                account_id if kept else None,
                purchase.currency_code if kept else "",
                site_id,
                purchase_id,
            ],
        )
        cursor.execute(
            "UPDATE purchasing_purchasetransaction SET posted_amount = COALESCE((%s::json ->> id::text)::numeric, 0) "
            "WHERE site_id = %s AND purchase_id = %s",
            [_json({str(key): amount for key, amount in kept.items()}), site_id, purchase_id],
        )
    _take_back(site_id, purchase_id, strays)
    effects.settle(site_id=site_id, purchase_id=purchase_id, author=REPAIRER)


def _take_back(site_id: int, purchase_id: int, figures: Sequence[_Figure]) -> None:
    post(
        site_id,
        [
            Posting(
                customer_id=figure.customer_id,
                currency_code=figure.currency_code,
                kind=Kind.REVERSAL,
                amount=-figure.amount,
                value_date=figure.value_date,
                purchase_id=purchase_id,
                purchase_spark_id=figure.spark_id,
                transaction_id=figure.transaction_id,
                reason="Repair: stood on an account where it does not belong",
            )
            for figure in figures
        ],
    )
