"""manage.py import_transactions: payments of purchases that are named by any identifier."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.models import Site
from core.tests.imports.runs import EXAMPLES, Told, counts, run_command
from customers.models import AccountEntry
from purchasing.models import Purchase, PurchaseTransaction
from tests.cast import make_customer, make_order

HEADINGS = "purchase_sparklayer,purchase_internal,purchase_visible,platform_id,total,currency_code,apply_to_balance"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def order(site: Site) -> Purchase:
    customer = make_customer(site)
    named = {"internal": "SO-1001", "visible": "B2B1001"}
    return make_order(site, customer, purchase_identifiers=named, payment_method="on_account")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transactions.csv"


def run(site: Site, path: Path, *words: str) -> Told:
    return run_command("import_transactions", site, path, *words)


def test_the_example_is_stored_and_a_second_run_changes_nothing(site: Site, order: Purchase) -> None:
    first = run(site, EXAMPLES / "transactions.csv")
    second = run(site, EXAMPLES / "transactions.csv")

    assert first == Told([counts(3, "Transactions", created=3)], is_well=True)
    assert second == Told([counts(3, "Transactions", unchanged=3)], is_well=True)
    order.refresh_from_db()
    assert (order.paid, order.refunded) == (Decimal(400), Decimal(25))
    posted = AccountEntry.objects.exclude(transaction_id=None).order_by("id")
    assert [(row.amount, row.author) for row in posted] == [
        (Decimal(-400), "system:import_transactions"),
        (Decimal(25), "system:import_transactions"),
    ]
    assert PurchaseTransaction.objects.get(platform_id="card_1").full_transaction == '{"note": "informational"}'


def test_json_lines_name_the_purchase_by_any_identifier(site: Site, order: Purchase, tmp_path: Path) -> None:
    first = run(site, EXAMPLES / "transactions.jsonl")
    second = run(site, EXAMPLES / "transactions.jsonl")
    assert (first.last, second.last) == (counts(2, "Transactions", created=2), counts(2, "Transactions", unchanged=2))
    path = tmp_path / "flat.jsonl"
    body = f'{{"purchase_spark_id": "{order.spark_id}", "platform_id": "x", "total": 1, "currency_code": "gbp"'
    path.write_text(f'{body}, "apply_to_balance": true}}\n{body}}}\n')
    assert run(site, path).lines == [
        "line 2: This is about the same as line 1. Rows about the same follow each other.",
        counts(2, "Transactions", created=1, rejected=1),
    ]


def test_a_rejected_row_leaves_the_others_alone(site: Site, order: Purchase, path: Path) -> None:
    other = make_order(site, purchase_identifiers={"internal": "SO-2"})
    rows = [
        f"{str(order.spark_id).upper()},,,t1,10,GBP,true",
        ",SO-404,,t2,10,GBP,true",
        ",SO-2,B2B1001,t3,10,GBP,true",
        ",,B2B1001,t4,10,EUR,true",
        ",,B2B1001,t5,0,GBP,true",
        ",,B2B1001,t6,10,GBP,perhaps",
        ",,,t7,10,GBP,true",
        "not-a-uuid,,,t8,10,GBP,true",
        ",SO-1001,B2B1001,t9,-5,gbp,1",
        ",SO-1001,,t10,1,GBP,true",
        ",SO-1001,,t10,2,GBP,true",
    ]
    path.write_text("\n".join([HEADINGS, *rows]))

    told = run(site, path)

    assert told.lines == [
        "line 3: purchase_internal: There is no such purchase.",
        "line 4: purchase_visible: This names another purchase.",
        "line 5: currency_code: an applied transaction has to be in the purchase's GBP",
        "line 6: total: must not be 0.",
        "line 7: apply_to_balance: must be true or false.",
        "line 8: purchase_sparklayer: Name the purchase.",
        "line 9: purchase_sparklayer: must be a UUID written 8-4-4-4-12",
        "line 12: This is about the same as line 11.",
        counts(11, "Transactions", created=2, rejected=8),
    ]
    assert sorted(PurchaseTransaction.objects.values_list("platform_id", flat=True)) == ["t1", "t9"]
    assert other.transactions.count() == 0


def test_a_dry_run_tells_the_same_and_writes_nothing(site: Site, path: Path) -> None:
    rows = [",SO-1001,,t1,10,GBP,true", ",SO-404,,t2,10,GBP,true", ",,B2B1001,t1,25,GBP,true"]
    path.write_text("\n".join([HEADINGS, *rows]))

    dry = run(site, path, "--dry-run")

    assert PurchaseTransaction.objects.count() == 0
    assert dry == run(site, path)
    assert dry.last == counts(3, "Transactions", created=1, updated=1, rejected=1)


def test_a_purchase_of_another_site_is_unknown(other_site: Site, path: Path) -> None:
    path.write_text(f"{HEADINGS}\n,SO-1001,,t1,10,GBP,true\n")
    assert run(other_site, path).lines[0] == "line 2: purchase_internal: There is no such purchase."
