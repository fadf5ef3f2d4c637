"""Among which products a search looks, and that it finds there what it finds in the whole catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from catalog import finding
from catalog.finding import MOST, products_near
from catalog.models import Product, ProductVariant, querysets
from catalog.tests.cast import make_product
from core import sql
from core.models import Site
from tests.large_tables import take_for_large

ODD = "Ab'c\\d%e_f ßÄö&|:*!"
"""Every sign that means something in a `tsquery` or in LIKE, and letters that change their number with their case."""


@pytest.fixture
def shelf(site: Site, other_site: Site) -> dict[str, Product]:
    """At the other site are the same ones."""
    option: list[dict[str, Any]] = [{"group": "Colour", "value": "Orange"}]
    for place in (other_site, site):
        ropes = [{"sku": "ROPE-60", "external_id": "X1", "options": option}, {"sku": "R7_", "status": "live"}]
        made = {
            "rope": make_product(place, title="Dry rope", slug="rope", external_id="R1", variants=ropes),
            "odd": make_product(place, title=ODD, slug="odd", variants=[{"sku": "\\'%"}]),
            "chalk": make_product(place, title="Chalk", slug="chalk", external_id="C_1", variants=[]),
        }
    return made


def near(site: Site, *words: str) -> list[int] | None:
    return products_near(site_ids=[site.pk], words=words)


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        (["ROPE"], ["rope"]),
        (["ry"], ["rope"]),
        (["7_"], ["rope"]),
        (["x1"], ["rope"]),
        (["rang"], ["rope"]),
        (["a"], ["rope", "odd", "chalk"]),
        (["chalk", "C_1"], ["chalk"]),
        (["chalk", "rope"], []),
        (["\\'%"], ["odd"]),
        (["ßäÖ"], ["odd"]),
        (["nobody"], []),
    ],
)
def test_where_every_word_may_be(site: Site, shelf: dict[str, Product], words: list[str], slugs: list[str]) -> None:
    assert near(site, *words) == sorted(shelf[slug].pk for slug in slugs)


def test_a_word_longer_than_any_text_is_asked_for_by_its_beginning(site: Site, shelf: dict[str, Product]) -> None:
    sites = [site.pk, *range(10**9, 10**9 + 40)]  # of so many sites its parts would be more than an index can be asked
    assert products_near(site_ids=sites, words=["ab" * 20_000]) == []


def test_our_own_ids_are_words_too(site: Site, shelf: dict[str, Product]) -> None:
    rope = shelf["rope"]
    variant = rope.variants.get(sku="R7_")
    assert (near(site, rope.public_id), near(site, variant.public_id)) == ([rope.pk], [rope.pk])
    elsewhere = Product.objects.exclude(site=site).get(slug="rope")
    assert near(site, elsewhere.public_id) == []


def test_what_very_many_have_narrows_nothing(site: Site, shelf: dict[str, Product]) -> None:
    now = timezone.now()
    Product.objects.bulk_create(
        Product(site=site, title="Crate", slug=f"crate-{number}", created_at=now, updated_at=now)
        for number in range(MOST + 1)
    )
    assert near(site, "crate") is None
    assert near(site) is None
    assert near(site, "crate", "rope") == [shelf["rope"].pk]


def parts_of(text: str) -> Iterator[str]:
    """Everything within a text that is a word to search for, up to five letters."""
    for first in range(len(text)):
        for last in range(first + 1, min(first + 5, len(text)) + 1):
            if not any(letter.isspace() for letter in text[first:last]):
                yield text[first:last]


def test_finds_there_what_it_finds_in_the_whole_catalogue(
    site: Site, shelf: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part of what is stored, as it is and with its case changed."""
    stored = {part for text in (ODD, "ROPE-60", "Orange", "C_1") for part in parts_of(text)}
    words = stored | {word.swapcase() for word in stored}

    def found(word: str) -> tuple[list[int], list[int]]:
        products = Product.objects.for_site(site).matching([word], sites=[site.pk])
        variants = ProductVariant.objects.for_site(site).matching([word], sites=[site.pk])
        return list(products.values_list("pk", flat=True)), list(variants.values_list("pk", flat=True))

    narrowed = {word: found(word) for word in words}
    monkeypatch.setattr(querysets, "products_near", lambda **_asked: None)
    assert narrowed == {word: found(word) for word in words}
    assert [word for word in stored if not any(narrowed[word])] == []


def test_reads_by_the_indexes_of_parts(site: Site, shelf: dict[str, Product]) -> None:
    """As PostgreSQL plans it for tables that it takes for large ones, of 300,000 rows."""
    tables = ("catalog_product", "catalog_productvariant", "catalog_variantoption")
    take_for_large(tables)
    rows = sql.fetch(f"EXPLAIN {finding._NEAR}", [[site.pk], ["rope"], [None], [None]], prepare=False)
    plan = "\n".join(row[0] for row in rows)
    for index in ("products_by_parts", "variants_by_parts", "options_by_parts"):
        assert f" {index}" in plan, plan
    assert "Seq Scan on catalog" not in plan, plan
