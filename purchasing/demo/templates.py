"""One purchase worked out by the rules, made into text for COPY with slots where each copy differs.

The pure functions and effects that a PUT uses compute every figure once per template. Copies differ in identifiers,
customer, dates and SKUs only, so the template's figures are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
import uuid_utils.compat as uuid7

from core.actors import SYSTEM
from core.money import ZERO, round_money
from core.site_settings import Settings
from customers.ledger import Posting
from pricing.rates import UsdRate
from purchasing import effects
from purchasing.compose import judge_packages
from purchasing.demo.ten_lines import LINES, ten_lines
from purchasing.documents import PurchaseDocument
from purchasing.dollars import set_dollars
from purchasing.payment import sum_applied
from purchasing.replace import Replacement, replacement
from purchasing.resolve import Parties
from purchasing.store import NamedCustomer, StoredPurchase, StoredTransaction
from purchasing.store.rows import PURCHASE_COLUMNS
from purchasing.warnings import USD_RATE_MISSING

PACKAGES = 2
PARTS = PACKAGES + LINES
"""Running numbers that one purchase takes: its packages, then its lines."""
_OF_DOLLARS = ("calculated_total_usd", "usd_rate", "usd_rate_date", "usd_rate_source", "warnings")
_SLOT = re.compile("⟦([a-z_0-9]+)⟧")


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of purchase. `paid`: the share of its total that an applied payment covers."""

    payment_method: str
    paid: Decimal
    all_shipped: bool


KINDS = (
    Kind("platform_upfront", Decimal(1), all_shipped=True),
    Kind("on_account", ZERO, all_shipped=False),
    Kind("on_account", Decimal(1), all_shipped=True),
    Kind("platform_upfront", ZERO, all_shipped=False),
    Kind("invoice", Decimal("0.5"), all_shipped=True),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table: the columns, and lines for COPY with `%(slot)s` in them."""

    table: str
    columns: Sequence[str]
    lines: str


@dataclass(frozen=True, slots=True)
class Template:
    """A purchase with its rows in every table but the ledger's, and what each copy posts there.

    Slots: id, spark, visible, platform, customer, reference, placed_at, day, those of `dollar_slots`, and per part p0…,
    package u0…, SKU s0…; `transaction` and `told` are the ids of the payment and its history item, `words` what it is
    found by. `header` and `contents`: the document's texts with slots.
    """

    purchase: StoredPurchase
    rows: Sequence[Rows]
    header: str
    contents: str
    postings: Sequence[Posting]
    skus: Sequence[str]


def make_template(
    *, site_id: int, customer: NamedCustomer, kind: Kind, variant: int, settings: Settings, now: datetime
) -> Template:
    """A template of this kind; `variant` chooses the items."""
    body = ten_lines(
        0,
        customer="",
        placed_at=now.isoformat(),
        payment_method=kind.payment_method,
        variant=variant,
        all_shipped=kind.all_shipped,
    )
    document = PurchaseDocument.model_validate(body)
    new = replacement(
        site_id=site_id,
        document=document,
        states=judge_packages(document.packages),
        stored=None,
        identifiers={"sparklayer": uuid7.uuid7(), "platform": "", "internal": "", "visible": ""},
        parties=Parties(customer=customer, impersonator=None, child=None),
        currency_code="GBP",
        settings=settings,
        now=now,
    )
    purchase = new.purchase
    total = round_money(purchase.calculated_total * kind.paid, "GBP")
    transactions = [StoredTransaction(uuid7.uuid7(), "", total, "GBP", True, ZERO, now, None)] if total else []  # noqa: FBT003  # a row
    payment_warnings = effects.judge(purchase, sum_applied(item.total for item in transactions))
    purchase.warnings = orjson.dumps([*new.document_warnings, *payment_warnings]).decode()
    postings = effects.differences(purchase, transactions, account_id=customer.id, settings=settings)
    skus = [
        line["identifiers"]["sku"].rsplit("-", 1)[0] for package in body["packages"] for line in package["line_items"]
    ]
    return Template(
        purchase=purchase,
        rows=_rows(new, transactions, now),
        header=_ready(_header(purchase.header)),
        contents=_ready(_contents(purchase.contents)),
        postings=postings,
        skus=skus,
    )


def dollar_slots(template: Template, ordered_at: datetime, rate: UsdRate | None) -> dict[str, str]:
    """What fills the slots of a copy's total in US dollars, its rate and its warnings. `rate`: that of its day."""
    purchase = replace(template.purchase, ordered_at=ordered_at)
    kept = [item for item in orjson.loads(purchase.warnings) if item["code"] != USD_RATE_MISSING]
    purchase.warnings = orjson.dumps([*kept, *set_dollars(purchase, rate)]).decode()
    return {name: copy_value(getattr(purchase, name)) for name in _OF_DOLLARS}


def _rows(new: Replacement, transactions: Sequence[StoredTransaction], now: datetime) -> list[Rows]:
    purchase = new.purchase
    columns: dict[str, Any] = {name: getattr(purchase, name) for name in PURCHASE_COLUMNS}
    columns |= {
        "id": _slot("id"),
        "spark_id": _slot("spark"),
        "platform_id": _slot("platform"),
        "visible_id": _slot("visible"),
        "customer_id": _slot("customer"),
        "customer_reference": _slot("reference"),
        "placed_at": _slot("placed_at"),
        "ordered_at": _slot("placed_at"),
        "header": _header(purchase.header),
        "contents": _contents(purchase.contents),
        "words": _slot("words"),
        "given_package_ids": "{" + ",".join(_slot(f"u{index}") for index in range(PACKAGES)) + "}",
        "account_id": purchase.account_id and _slot("customer"),
        "charge_value_date": purchase.charge_value_date and _slot("day"),
        **{name: _slot(name) for name in _OF_DOLLARS},
    }
    own: dict[str, Any] = {"site_id": purchase.site_id, "purchase_id": _slot("id")}
    part_of = {row["id"]: index for index, row in enumerate(new.package_rows)}
    packages = [
        {
            **own,
            **row,
            "id": _slot(f"p{index}"),
            "spark_package_id": _slot(f"u{index}"),
            "shipped_at": row["shipped_at"] and _slot("placed_at"),
        }
        for index, row in enumerate(new.package_rows)
    ]
    lines = [
        {
            **own,
            **row,
            "id": _slot(f"p{PACKAGES + index}"),
            "package_id": _slot(f"p{part_of[row['package_id']]}"),
            "sku": _slot(f"s{index}"),
        }
        for index, row in enumerate(new.line_rows)
    ]
    revision = {**own, "number": purchase.revision, "at": purchase.revision_at, "author": str(SYSTEM)}
    revision |= {"header": columns["header"], "contents": columns["contents"]}
    sent = [
        {
            **own,
            "id": _slot("transaction"),
            "platform_id": "PAY-" + _slot("visible"),
            "total": item.total,
            "currency_code": item.currency_code,
            "apply_to_balance": item.apply_to_balance,
            "full_transaction": "",
            "created_at": item.created_at,
            "updated_at": item.created_at,
            "posted_amount": item.posted_amount,
        }
        for item in transactions
    ]
    told = [
        {
            **own,
            **{
                name: value
                for name, value in effects.history_row(item, now).items()
                if name not in ("applied", "posted_amount")
            },
            "id": _slot("told"),
            "transaction_id": _slot("transaction"),
        }
        for item in transactions
    ]
    tables = {
        "purchasing_purchase": [columns],
        "purchasing_package": packages,
        "purchasing_lineitem": lines,
        "purchasing_purchaserevision": [revision],
        "purchasing_purchasetransaction": sent,
        "purchasing_purchasehistory": told,
    }
    return [
        Rows(table, tuple(rows[0]), "".join(_copy_line(row.values()) for row in rows))
        for table, rows in tables.items()
        if rows
    ]


def _header(text: str) -> str:
    header = orjson.loads(text)
    header["purchase_identifiers"] |= {
        "sparklayer": _slot("spark"),
        "platform": _slot("platform"),
        "visible": _slot("visible"),
    }
    header["customer_identifiers"]["sparklayer"] = f"cu_{_slot('customer')}"
    header["dates"]["placed_at"] = _slot("placed_at")
    header["customer_reference"] = _slot("reference")
    return orjson.dumps(header).decode()


def _contents(text: str) -> str:
    contents = orjson.loads(text)
    line_number = 0
    for index, package in enumerate(contents["packages"]):
        package["id"] = f"orp_{_slot(f'p{index}')}"
        package["identifiers"]["sparklayer_package_id"] = _slot(f"u{index}")
        if package["dates"]["shipped_at"]:
            package["dates"]["shipped_at"] = _slot("placed_at")
        for line in package["line_items"]:
            line["id"] = f"orp_{_slot(f'p{PACKAGES + line_number}')}"
            line["identifiers"]["sku"] = _slot(f"s{line_number}")
            line_number += 1
    return orjson.dumps(contents).decode()


def _slot(name: str) -> str:
    return f"⟦{name}⟧"


def _copy_line(values: Any) -> str:
    """One line of COPY's text format, its slots ready for `%`."""
    return _ready("\t".join(copy_value(value) for value in values) + "\n")


def _ready(text: str) -> str:
    """The text with its slots ready for `%`."""
    return _SLOT.sub(r"%(\1)s", text.replace("%", "%%"))


def copy_value(value: Any) -> str:
    """A value in COPY's text format."""
    if value is None:
        return r"\N"
    if isinstance(value, list):
        return copy_value(orjson.dumps(value).decode())
    return str(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
