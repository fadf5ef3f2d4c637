"""manage.py import_products: created, changed, left alone, rejected; and nothing but what the file says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError

from catalog.models import Product, ProductVariant
from catalog.tests.cast import PRODUCTS, make_product
from core.models import Site
from core.tests.imports.runs import EXAMPLES, Told, counts, run_command
from tests.callers import ApiCaller

HEADINGS = "product_external_id,product_slug,product_title,sku,external_id,status"

pytestmark = pytest.mark.django_db


def run(site: Site, path: Path, *words: str) -> Told:
    return run_command("import_products", site, path, *words)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "products.csv"


def stored() -> list[tuple[Any, ...]]:
    """Every variant with its product's and its own times."""
    values = ("product__slug", "product__title", "product__updated_at", "sku", "external_id", "status", "updated_at")
    return list(ProductVariant.objects.order_by("pk").values_list(*values))


def test_the_example_is_stored_and_a_second_run_changes_nothing(site: Site, api: ApiCaller) -> None:
    first = run(site, EXAMPLES / "products.csv")
    before = stored()
    second = run(site, EXAMPLES / "products.csv")

    assert first == Told([counts(5, "Products", created=3)], is_well=True)
    assert second == Told([counts(5, "Products", unchanged=3)], is_well=True)
    assert stored() == before
    jumper = api.get(f"{PRODUCTS}/P-100").json()
    assert [variant["sku"] for variant in jumper["variants"]] == ["MJ-RED-S", "MJ-RED-M", "MJ-BLUE-S"]
    first_variant = jumper["variants"][0]
    assert first_variant["options"] == [{"group": "Colour", "value": "Red"}, {"group": "Size", "value": "S"}]
    assert first_variant["rrp"] == [
        {"value": 59.9, "currency_code": "gbp"},
        {"value": 69.9, "currency_code": "eur"},
    ]
    rules = {rule["customer_group"]: rule for rule in first_variant["settings"]}
    assert (rules["default"]["pack_size"], rules["trade"]["min_order_quantity"]) == (1, 5)


def test_json_lines_hold_the_api_s_document(site: Site) -> None:
    first = run(site, EXAMPLES / "products.jsonl")
    second = run(site, EXAMPLES / "products.jsonl")

    assert (first.last, second.last) == (counts(2, "Products", created=2), counts(2, "Products", unchanged=2))
    assert ProductVariant.objects.get(sku="ROPE-60").settings.get().pack_size == 2


def test_only_what_the_file_says_changes(site: Site, path: Path) -> None:
    make_product(site, "A", "B")
    before = stored()
    path.write_text("product_slug,sku,status\nproduct-A,A,suspended\nproduct-A,C,live\n")

    told = run(site, path)

    assert told.last == counts(2, "Products", updated=1)
    after = stored()
    assert [(row[3], row[5]) for row in after] == [("A", "suspended"), ("B", "live"), ("C", "live")]
    assert after[1][3:] == before[1][3:]  # B, with its time
    assert after[0][6] > before[0][6]
    assert after[0][2] > before[0][2]


def test_a_product_is_known_by_external_id_then_by_a_slug_without_one(site: Site, path: Path) -> None:
    make_product(site, "A")
    make_product(site, "B", external_id="")
    path.write_text(f"{HEADINGS}\nP-A,renamed,Renamed,A,,\nP-B,product-B,Product B,B,,\nP-C,renamed,Third,C,,\n")

    told = run(site, path)

    assert told == Told(
        ["line 4: product_slug: Another product has this slug.", counts(3, "Products", updated=2, rejected=1)],
        is_well=False,
    )
    names = set(Product.objects.values_list("external_id", "slug"))
    assert names == {("P-A", "renamed"), ("P-B", "product-B")}


def test_a_rejected_product_leaves_the_others_alone(site: Site, path: Path, tmp_path: Path) -> None:
    make_product(site, "TAKEN")
    path.write_text(
        f"{HEADINGS}\n"
        "P-1,one,One,A,,live\n"
        "P-2,two,Two,B,,live\n"
        "P-2,two,Two,TAKEN,,live\n"
        "P-3,three,Three,D,,lively\n"
        "P-4,four,,E,,\n"
        "P-5,five,Five,F,,\n"
        "P-5,five,Fünf,G,,\n"
        ",,,H,,\n"
        "P-6,six,Six,I,,\n"
        "P-1,one,One,A2,,\n"
    )

    told = run(site, path, "--errors", str(tmp_path / "errors.csv"))

    faults = [
        ("4", "sku", "A variant of another product has this SKU."),
        ("5", "status", "Input should be 'pending', 'discontinued', 'suspended' or 'live'."),
        ("6", "product_title", "This member is required."),
        ("7", "product_title", "Line 8 says something else of the same product."),
        ("9", "product_slug", "Name the product by its external id or slug."),
        ("11", "", "This is about the same as line 2. Rows about the same follow each other."),
    ]
    lines = [": ".join(part for part in (f"line {line}", name, message) if part) for line, name, message in faults]
    assert told == Told([*lines, counts(10, "Products", created=2, rejected=6)], is_well=False)
    written = (tmp_path / "errors.csv").read_text().splitlines()
    assert written[0] == "line,property,message"
    assert len(written) == 7
    assert set(Product.objects.values_list("slug", flat=True)) == {"product-TAKEN", "one", "six"}


def test_a_product_of_another_site_is_left_alone(site: Site, other_site: Site, path: Path) -> None:
    theirs = make_product(other_site, "A")
    path.write_text(f"{HEADINGS}\nP-A,product-A,Ours,A,ext-A,live\n")

    assert run(site, path).last == counts(1, "Products", created=1)
    theirs.refresh_from_db()
    assert (theirs.title, Product.objects.for_site(site).get().title) == ("Product A", "Ours")


def test_a_dry_run_tells_the_same_and_writes_nothing(site: Site, path: Path) -> None:
    make_product(site, "A")
    path.write_text(f"{HEADINGS}\nP-A,product-A,New,A,,live\nP-1,one,One,X,,\nP-2,two,Two,X,,\n")
    before = stored()

    dry = run(site, path, "--dry-run")

    assert stored() == before
    assert dry == run(site, path)
    assert dry.lines == [
        "line 4: sku: A variant of another product has this SKU.",
        counts(3, "Products", created=1, updated=1, rejected=1),
    ]


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("rule:default:pack_size", "line 2: rule:default:pack_size: must be a whole number."),
        ("rule:trade:pack_size", "line 2: rule:trade:pack_size: Input should be greater than or equal to 1."),
        ("rule:default:colour", "line 2: rule:default:colour: A rule says one of pack_size, "),
        ("rrp:GBPX", "line 2: rrp:GBPX: not an ISO 4217 currency code with a minor unit."),
        ("rrp:GBP", "line 2: rrp:GBP: must be ASCII digits with one optional sign and point."),
    ],
)
def test_a_family_of_columns_names_its_faults(site: Site, path: Path, cell: str, fault: str) -> None:
    value = {"rrp:GBPX": "1", "rule:trade:pack_size": "0"}.get(cell, "many")
    path.write_text(f"product_slug,product_title,sku,option:Size,{cell}\none,One,A,M,{value}\n")

    told = run(site, path)

    assert told.last == counts(1, "Products", rejected=1)
    assert told.lines[0].startswith(fault)


def test_unknown_columns_refuse_the_file(site: Site, path: Path) -> None:
    path.write_text("product_slug,product_title,sku,price\none,One,A,12\n")

    with pytest.raises(CommandError, match="line 1: “price” is no column of these files"):
        run(site, path)
    assert not Product.objects.exists()


def test_hostile_documents_are_rejected(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "products.jsonl"
    documents: list[Any] = [
        {"external_id": ["P"], "slug": {"a": 1}, "title": True},
        {"external_id": True, "variants": 7},
        {},
        {"slug": "one", "title": "One", "variants": [{"sku": "A"}, {"sku": "A"}]},
    ]
    path.write_bytes(b"\n".join(map(orjson.dumps, documents)) + b'\n[1]\n{\n\xff\n{"slug": "a\\u0000"}\n')

    told = run(site, path)

    assert told.last == counts(8, "Products", rejected=8)
    assert not Product.objects.exists()
