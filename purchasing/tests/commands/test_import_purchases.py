"""manage.py import_purchases: rows that become purchases, and what is told of those that do not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.models import Site
from core.tests.imports.runs import EXAMPLES, Told, counts, run_command
from purchasing.models import Purchase, PurchaseRevision
from purchasing.tests.bodies import PURCHASES
from tests.callers import ApiCaller
from tests.cast import make_customer

HEADINGS = "purchase_internal,type,customer,currency_code,package,shipped_at,carrier,sku,name,quantity,net"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def customers(site: Site) -> None:
    for name in ("C-100", "C-101"):
        make_customer(site, external_id=name)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "purchases.csv"


def run(site: Site, path: Path, *words: str) -> Told:
    return run_command("import_purchases", site, path, *words)


def read(api: ApiCaller, name: str) -> dict[str, Any]:
    answer = api.get(f"{PURCHASES}/internal/{name}")
    assert answer.status_code == 200
    purchase: dict[str, Any] = answer.json()
    return purchase


def lines_of(purchase: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The state and the SKUs of each package."""
    return [
        (package["type"], [line["identifiers"]["sku"] for line in package["line_items"]])
        for package in purchase["packages"]
    ]


def test_the_example_is_stored_and_a_second_run_changes_nothing(site: Site, api: ApiCaller) -> None:
    first = run(site, EXAMPLES / "purchases.csv")
    second = run(site, EXAMPLES / "purchases.csv")

    assert first == Told([counts(4, "Purchases", created=2)], is_well=True)
    assert second == Told([counts(4, "Purchases", unchanged=2)], is_well=True)
    assert PurchaseRevision.objects.count() == 2
    assert {row.author for row in PurchaseRevision.objects.all()} == {"system:import_purchases"}
    order = read(api, "SO-1001")
    assert lines_of(order) == [("shipment", ["ROPE-60", "CHALK"]), ("processing", ["AXE"])]
    assert order["calculated_total"] == {"number": "735.00", "currency": "GBP"}
    assert order["metadata"] == [{"name": "Season", "value": "Spring"}]
    shipped, waiting = order["packages"]
    assert shipped["shipments"][0] | {} == {
        "carrier": "DPD",
        "carrier_id": "",
        "tracking_number": "1550",
        "tracking_url": "",
    }
    assert shipped["shipping_method"]["line_total"]["total_net"] == {"number": "7.50", "currency": "GBP"}
    assert shipped["line_items"][0]["custom_attributes"] == [{"key": "Colour", "value": "red"}]
    assert waiting["shipping_address"]["city"] == "Hull"
    assert order["dates"]["placed_at"] == "2026-01-31T00:00:00+00:00"
    quote = read(api, "SO-1002")
    assert (quote["type"], quote["packages"][0]["identifiers"]["internal"]) == ("quote", "BOX-1")


def test_json_lines_hold_the_api_s_document(site: Site) -> None:
    first = run(site, EXAMPLES / "purchases.jsonl")
    second = run(site, EXAMPLES / "purchases.jsonl")
    assert (first.last, second.last) == (counts(2, "Purchases", created=2), counts(2, "Purchases", unchanged=2))


def test_a_workbook_says_the_same(site: Site, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in ("purchase_internal,currency_code,sku,name,quantity,net", "1001,GBP,A,Rope,2.0,10.5"):
        book.active.append(line.split(","))
    book.active.append([1001, None, "B", "Axe", 3, 20.25])
    book.save(tmp_path / "purchases.xlsx")

    assert run(site, tmp_path / "purchases.xlsx").last == counts(2, "Purchases", created=1)
    assert Purchase.objects.get(internal_id="1001").calculated_total == Decimal("30.75")


def test_a_row_that_changes_changes_its_purchase_only(site: Site, api: ApiCaller, path: Path) -> None:
    rows = ["A,,C-100,GBP,,,,ROPE,Rope,1,10", "B,,C-101,GBP,,,,ROPE,Rope,1,10"]
    path.write_text("\n".join([HEADINGS, *rows]))
    run(site, path)
    rows[0] = "A,,C-100,GBP,,2026-02-01,DPD,ROPE,Rope,1,10"
    path.write_text("\n".join([HEADINGS, *rows]))

    assert run(site, path).last == counts(2, "Purchases", updated=1, unchanged=1)
    assert lines_of(read(api, "A")) == [("shipment", ["ROPE"])]


def test_packages_are_those_of_one_name_or_of_one_state(site: Site, api: ApiCaller, path: Path) -> None:
    rows = [
        "A,,,GBP,,,,1,Rope,1,10",
        "A,,,GBP,X,,,2,Rope,1,10",
        "A,,,GBP,,2026-02-01,DPD,3,Rope,1,10",
        "A,,,GBP,,2026-02-01,UPS,4,Rope,1,10",
        "A,,,GBP,X,,,5,Rope,1,10",
        "A,,,GBP,,,,6,Rope,1,10",
        "B,,,GBP,,,,,,,",
    ]
    path.write_text("\n".join([HEADINGS, *rows]))

    assert run(site, path).last == counts(7, "Purchases", created=2)
    assert lines_of(read(api, "A")) == [
        ("processing", ["1", "6"]),
        ("processing", ["2", "5"]),
        ("shipment", ["3"]),
        ("shipment", ["4"]),
    ]
    assert lines_of(read(api, "B")) == [("processing", [])]


def test_a_rejected_purchase_leaves_the_others_alone(site: Site, path: Path) -> None:
    rows = [
        "A,,C-100,GBP,,,,ROPE,Rope,1,10",
        "B,,C-404,GBP,,,,ROPE,Rope,1,10",
        "C,,C-100,GBP,,,,ROPE,Rope,1,10",
        "C,,C-100,GBP,,,,AXE,,1,ten",
        "D,,C-100,GBP,,,,ROPE,Rope,1,10",
        "D,,C-101,GBP,,,,AXE,Axe,1,10",
        ",,C-100,GBP,,,,ROPE,Rope,1,10",
        "E,lorry,C-100,GBP,,,,ROPE,Rope,few,10",
        "F,lorry,,GBP,,,,ROPE,Rope,,10",
        "G,,,,,,,ROPE,Rope,1,10",
        "H,,,GBP,,2026-02-30,,ROPE,Rope,1,10",
        "I,,,GBP,,,,ROPE,Rope,1,-10",
        "A,,C-100,GBP,,,,AXE,Axe,1,10",
        "J,,C-100,GBP,,,,ROPE,Rope,1,10",
    ]
    path.write_text("\n".join([HEADINGS, *rows]))

    told = run(site, path)

    words = "Input should be 'order', 'order_unconfirmed', 'awaiting_approval', 'quote' or 'cart'."
    assert told.lines == [
        "line 3: customer: customer C-404 not found",
        "line 5: name: This member is required.",
        "line 5: net: must be ASCII digits with one optional sign and point.",
        "line 7: customer: Line 6 says something else of the same.",
        "line 8: purchase_identifiers: Name the purchase by at least one identifier.",
        "line 9: quantity: must be a whole number.",
        f"line 10: type: {words}",
        "line 10: quantity: This member is required.",
        "line 11: currency_code: This member is required.",
        "line 12: shipped_at: is not a date and time that exists.",
        "line 13: packages: the total would be -10.00",
        "line 14: This is about the same as line 2. Rows about the same follow each other.",
        counts(14, "Purchases", created=2, rejected=10),
    ]
    assert set(Purchase.objects.values_list("internal_id", flat=True)) == {"A", "J"}


def test_a_dry_run_tells_the_same_and_writes_nothing(site: Site, path: Path) -> None:
    """Also of a purchase that is known by another identifier further down."""
    headings = "purchase_internal,purchase_visible,currency_code,sku,name,quantity,net"
    rows = ["A,V-1,GBP,ROPE,Rope,1,10", "B,,GBP,ROPE,Rope,1,bad", ",V-1,GBP,ROPE,Rope,2,20"]
    path.write_text("\n".join([headings, *rows]))

    dry = run(site, path, "--dry-run")

    assert Purchase.objects.count() == 0
    assert dry == run(site, path)
    assert dry.last == counts(3, "Purchases", created=1, updated=1, rejected=1)


def test_another_site_is_left_alone(site: Site, other_site: Site, path: Path) -> None:
    path.write_text(f"{HEADINGS}\nA,,,GBP,,,,ROPE,Rope,1,10\n")
    run(other_site, path)
    assert run(site, path).last == counts(1, "Purchases", created=1)
    assert {purchase.site_id for purchase in Purchase.objects.all()} == {site.pk, other_site.pk}


def test_the_currency_may_be_said_for_the_file(site: Site, path: Path) -> None:
    path.write_text("purchase_internal,sku,name,quantity,net\nA,ROPE,Rope,1,10\n")
    assert run(site, path, "--currency-code", "eur").last == counts(1, "Purchases", created=1)
    assert Purchase.objects.get().currency_code == "EUR"
