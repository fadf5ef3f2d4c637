"""Writers of the catalogue at the same moment: each guard holds, and its test fails without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg.errors
import pytest
from django.db import IntegrityError, OperationalError, transaction

from catalog import operations, stock_levels
from catalog.documents import NewProduct, ProductChange, StockRow
from catalog.models import Product, ProductVariant, Stock
from catalog.tests.cast import NOW, PRODUCTS, make_location, make_product
from core.errors import DomainError
from core.models import Site
from tests.callers import ApiCaller, make_caller
from tests.together import MeetingPoint, together

pytestmark = pytest.mark.django_db(transaction=True)

ROPE: dict[str, Any] = {"title": "Rope", "slug": "rope", "external_id": "R", "variants": [{"sku": "A"}, {"sku": "B"}]}
MANY = 2_000


def codes(results: list[Any]) -> list[str]:
    """What each call came to: `done`, or the code of its refusal. Another exception is a failure."""
    found = []
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, DomainError):
            raise result
        found.append(result.faults[0].code if isinstance(result, DomainError) else "done")
    return sorted(found)


def meet_after(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Plant a meeting point: neither of two threads goes on before both have come through this function once."""
    point, real = MeetingPoint(2), getattr(operations, name)

    def planted(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        point.wait()
        return result

    monkeypatch.setattr(operations, name, planted)


def once(work: Callable[[], Any]) -> Any:
    """`in_transaction` without its further tries."""
    with transaction.atomic():
        return work()


def create(site: Site, **members: Any) -> Callable[[], Product]:
    document = NewProduct.model_validate(ROPE | members)
    return lambda: operations.create_product(site=site, document=document, now=NOW)


def patch(product: Product, *variants: dict[str, Any]) -> Callable[[], Product]:
    document = ProductChange.model_validate({"variants": list(variants)})
    site, product_id = product.site, product.public_id
    return lambda: operations.patch_product(site=site, product_id=product_id, document=document, now=NOW)


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"slug": "other", "variants": []},
        {"external_id": "other", "variants": []},
        {"slug": "other", "external_id": "other"},
        {"slug": "other", "external_id": "other", "variants": [{"sku": "C"}, {"sku": "B"}]},
    ],
)
def test_two_births_under_one_name_are_one_product(
    site: Site, monkeypatch: pytest.MonkeyPatch, other: dict[str, Any]
) -> None:
    meet_after(monkeypatch, "variant_claims_taken")

    results = together(create(site), create(site, **other))

    assert codes(results) == ["done", "resource-already-exists"]
    assert Product.objects.count() == 1


def test_without_a_second_try_the_loser_is_a_fault(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_after(monkeypatch, "variant_claims_taken")
    monkeypatch.setattr(operations, "in_transaction", once)

    results = together(create(site), create(site))

    assert [type(result) for result in results if isinstance(result, Exception)] == [IntegrityError]


def test_twenty_births_over_http_answer_200_once_and_409_else(site: Site) -> None:
    headers = make_caller(site).headers

    def post() -> int:
        return int(ApiCaller(headers).post(PRODUCTS, json=ROPE).status_code)

    results = together(*[post] * 20)

    assert sorted(results) == [200] + [409] * 19  # type: ignore[type-var]  # an exception here fails the test
    assert ProductVariant.objects.count() == 2


def test_two_writers_of_a_product_add_a_variant_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "in_transaction", once)
    product = make_product(site, "A")

    results = together(patch(product, {"sku": "NEW"}), patch(product, {"sku": "NEW", "status": "live"}))

    assert codes(results) == ["done", "done"]
    assert product.variants.count() == 2


def test_without_the_product_s_lock_both_add_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "in_transaction", once)
    monkeypatch.setattr(operations, "_locked_product", lambda number: Product.objects.get(pk__in=number))
    product = make_product(site, "A")
    meet_after(monkeypatch, "recognised")

    results = together(patch(product, {"sku": "NEW"}), patch(product, {"sku": "NEW", "status": "live"}))

    assert [type(result) for result in results if isinstance(result, Exception)] == [IntegrityError]


def update(site: Site, numbers: range, level: int) -> Callable[[], object]:
    rows = [StockRow(stock_location_id="default", sku=f"S{number}", stock_level=level) for number in numbers]
    return lambda: operations.update_stock(site=site, rows=rows, now=NOW)


def test_batches_in_opposite_order_wait_for_each_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "in_transaction", once)
    make_location(site)
    forth, back = range(MANY), range(MANY - 1, -1, -1)
    skus = [f"S{number}" for number in back]

    for level in range(1, 4):
        results = together(
            update(site, forth, level),
            update(site, back, -level),
            lambda: operations.delete_stock(site=site, skus=skus),
        )
        assert codes(results) == ["done"] * 3
        # Whole: whatever came last wrote every row.
        assert len(set(Stock.objects.values_list("stock_level", flat=True))) <= 1
        assert Stock.objects.count() in (0, MANY)


def test_without_the_order_they_catch_each_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "in_transaction", once)
    unordered = stock_levels._STORE.replace('ORDER BY sent.sku COLLATE "C", sent.location_id', "")
    assert unordered != stock_levels._STORE
    monkeypatch.setattr(stock_levels, "_STORE", unordered)
    make_location(site)
    update(site, range(MANY), 0)()

    for level in range(1, 11):
        results = together(update(site, range(MANY), level), update(site, range(MANY - 1, -1, -1), -level))
        caught = [result for result in results if isinstance(result, OperationalError)]
        if caught:
            break

    assert [type(error.__cause__) for error in caught] == [psycopg.errors.DeadlockDetected]
