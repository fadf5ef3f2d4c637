"""One purchase worked out by the rules, made into text for COPY with slots where each copy differs.

The pure functions and effects that a PUT uses compute every figure once per template. Copies differ in identifiers,
customer, dates and SKUs only, so the template's figures are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
import uuid_utils.compat as uuid7

from core.actors import SYSTEM
from core.money import ZERO, round_money
from core.site_settings import Settings
from customers.ledger import Posting
from pricing.rates import UsdRate
from purchasing import effects, store
from purchasing.compose import judge_packages
from purchasing.demo.load.shapes import Shape, body_of, skus_of
from purchasing.documents import PurchaseDocument
from purchasing.dollars import set_dollars
from purchasing.drafts import draft_of
from purchasing.payment import sum_applied
from purchasing.replace import Replacement, replacement
from purchasing.resolve import Parties
from purchasing.store import NamedCustomer, StoredPurchase, StoredTransaction
from purchasing.store.rows import PURCHASE_COLUMNS
from purchasing.warnings import USD_RATE_MISSING

_OF_DOLLARS = ("calculated_total_usd", "usd_rate", "usd_rate_date", "usd_rate_source", "warnings")
_SLOT = re.compile("⟦([a-z_0-9]+)⟧")
_NOBODY = NamedCustomer(0, "", "", "GBP", deleted=False, account_id=0)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table: the columns, and lines for COPY with `%(slot)s` in them."""

    table: str
    columns: Sequence[str]
    lines: str


@dataclass(frozen=True, slots=True)
class Template:
    """A purchase with its rows in every table but the ledger's, and what each copy posts there.

    Slots: id, spark, visible, platform, customer, child, reference, placed_at, day, company, street, city, postcode,
    those of `dollar_slots`, and per part p0…, package u0…, SKU s0…; `transaction` and `told` are the ids of the payment
    and its history item, `words` what it is found by. `header` and `contents`: the document's texts with slots.
    """

    shape: Shape
    purchase: StoredPurchase
    rows: Sequence[Rows]
    header: str
    contents: str
    postings: Sequence[Posting]
    skus: Sequence[str]

    @property
    def packages(self) -> int:
        return self.shape.packages

    @property
    def parts(self) -> int:
        """Running numbers that a copy takes: its packages, then its lines."""
        return self.shape.packages + self.shape.lines


def make_template(*, site_id: int, shape: Shape, settings: Settings, now: datetime) -> Template:
    """The template of this shape."""
    versions: list[Replacement] = []
    for early in (True, False) if shape.was_open else (False,):
        document = PurchaseDocument.model_validate(body_of(shape, placed_at=now.isoformat(), early=early))
        draft = draft_of(
            site_id=site_id,
            document=document,
            states=judge_packages(document.packages),
            stored=versions[-1].purchase if versions else None,
            identifiers={"sparklayer": uuid7.uuid7(), "platform": "", "internal": "", "visible": ""},
            parties=Parties(customer=_NOBODY, impersonator=None, child=_NOBODY if shape.by_child else None),
            currency_code="GBP",
            settings=settings,
            now=now,
        )
        [numbers] = store.take_numbers([draft.needs])
        versions.append(replacement(draft, numbers))
    new = versions[-1]
    purchase = new.purchase
    total = round_money(purchase.calculated_total * shape.paid, "GBP")
    transactions = [StoredTransaction(uuid7.uuid7(), "", total, "GBP", shape.applied, ZERO, now, None)] if total else []
    payment_warnings = effects.judge(
        purchase, sum_applied(item.total for item in transactions if item.apply_to_balance)
    )
    purchase.warnings = orjson.dumps([*new.document_warnings, *payment_warnings]).decode()
    postings = effects.differences(purchase, transactions, account_id=_NOBODY.account_id, settings=settings)
    return Template(
        shape=shape,
        purchase=purchase,
        rows=_rows(versions, transactions),
        header=_ready(_header(purchase.header)),
        contents=_ready(_contents(purchase.contents)),
        postings=postings,
        skus=skus_of(shape),
    )


def dollar_slots(template: Template, ordered_at: datetime, rate: UsdRate | None) -> dict[str, str]:
    """What fills the slots of a copy's total in US dollars, its rate and its warnings. `rate`: that of its day."""
    purchase = replace(template.purchase, ordered_at=ordered_at)
    kept = [item for item in orjson.loads(purchase.warnings) if item["code"] != USD_RATE_MISSING]
    purchase.warnings = orjson.dumps([*kept, *set_dollars(purchase, rate)]).decode()
    return {name: copy_value(getattr(purchase, name)) for name in _OF_DOLLARS}


def _rows(versions: Sequence[Replacement], transactions: Sequence[StoredTransaction]) -> list[Rows]:
    new = versions[-1]
    purchase = new.purchase
    places = dict.fromkeys(("placed_at", "submitted_at", "ordered_at", "stored_at", "changed_at", "revision_at"))
    columns: dict[str, Any] = {name: getattr(purchase, name) for name in PURCHASE_COLUMNS}
    columns |= {name: columns[name] and _slot("placed_at") for name in places}
    columns |= {
        "id": _slot("id"),
        "spark_id": _slot("spark"),
        "platform_id": _slot("platform"),
        "visible_id": _slot("visible"),
        "customer_id": _slot("customer"),
        "child_id": None if purchase.child_id is None else _slot("child"),
        "header": _header(purchase.header),
        "contents": _contents(purchase.contents),
        "words": _slot("words"),
        "given_package_ids": "{" + ",".join(_slot(f"u{index}") for index in range(len(new.package_rows))) + "}",
        "account_id": None if purchase.account_id is None else _slot("customer"),
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
            **{name: row[name] and _slot("placed_at") for name in ("shipped_at", "returned_at", "cancelled_at")},
        }
        for index, row in enumerate(new.package_rows)
    ]
    lines = [
        {
            **own,
            **row,
            "id": _slot(f"p{len(packages) + index}"),
            "package_id": _slot(f"p{part_of[row['package_id']]}"),
        }
        for index, row in enumerate(new.line_rows)
    ]
    revisions = [
        {
            **own,
            "number": version.purchase.revision,
            "at": _slot("placed_at"),
            "author": str(SYSTEM),
            "header": _header(version.purchase.header),
            "contents": _contents(version.purchase.contents),
        }
        for version in versions
    ]
    sent = [
        {
            **own,
            "id": _slot("transaction"),
            "platform_id": "PAY-" + _slot("visible"),
            "total": item.total,
            "currency_code": item.currency_code,
            "apply_to_balance": item.apply_to_balance,
            "full_transaction": "",
            "created_at": _slot("placed_at"),
            "updated_at": _slot("placed_at"),
            "posted_amount": item.posted_amount,
        }
        for item in transactions
    ]
    told = [
        {
            **own,
            **{
                name: value
                for name, value in effects.history_row(item, item.created_at).items()
                if name not in ("applied", "posted_amount")
            },
            "id": _slot("told"),
            "transaction_id": _slot("transaction"),
            "created_at": _slot("placed_at"),
        }
        for item in transactions
        if item.apply_to_balance
    ]
    tables = {
        "purchasing_purchase": [columns],
        "purchasing_package": packages,
        "purchasing_lineitem": lines,
        "purchasing_purchaserevision": revisions,
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
    customers = header["customer_identifiers"]
    customers["sparklayer"] = f"cu_{_slot('customer')}"
    if customers["sparklayer_child"]:
        customers["sparklayer_child"] = f"cu_{_slot('child')}"
    _date(header["dates"])
    return orjson.dumps(header).decode()


def _contents(text: str) -> str:
    contents = orjson.loads(text)
    line_number = len(contents["packages"])
    for index, package in enumerate(contents["packages"]):
        package["id"] = f"orp_{_slot(f'p{index}')}"
        package["identifiers"]["sparklayer_package_id"] = _slot(f"u{index}")
        _date(package["dates"])
        for line in package["line_items"]:
            line["id"] = f"orp_{_slot(f'p{line_number}')}"
            line_number += 1
    return orjson.dumps(contents).decode()


def _date(dates: dict[str, Any]) -> None:
    """Every date is that of placing."""
    dates |= {name: _slot("placed_at") for name, value in dates.items() if value}


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
