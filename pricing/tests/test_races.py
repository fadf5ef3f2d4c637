"""Writers of prices and rules at the same moment: each guard holds, and its test fails without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core import sql
from core.errors import DomainError
from core.models import Site
from pricing import operations
from pricing.chains import is_cyclic
from pricing.documents import NewPriceList, PriceListChange, VariantPrices
from pricing.models import Price, PriceList, PriceListRule
from pricing.tests.cast import make_price_list, rule
from tests.together import MeetingPoint, together

pytestmark = pytest.mark.django_db(transaction=True)


def codes(results: list[Any]) -> list[str]:
    """What each call came to: `done`, or the code of its refusal. Another exception is a failure."""
    found = []
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, DomainError):
            raise result
        found.append(result.faults[0].code if isinstance(result, DomainError) else "done")
    return sorted(found)


def once(work: Callable[[], Any]) -> Any:
    """`in_transaction` without its further tries."""
    with transaction.atomic():
        return work()


def meet_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Plant a meeting point: neither of two threads goes on before both have come through this function once."""
    point, real = MeetingPoint(2), getattr(module, name)

    def planted(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        point.wait()
        return result

    monkeypatch.setattr(module, name, planted)


def meet_after_removing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant a meeting point where both have removed the prices they see, and neither has stored any."""
    real, point = sql.run, MeetingPoint(2)

    def removed(statement: str, values: Sequence[Any]) -> None:
        real(statement, values)
        sql.fetch("SELECT 1", [])  # what is said to be removed goes along with the next question
        point.wait()

    monkeypatch.setattr(sql, "run", removed)


def put(site: Site, price: int, *slugs: str) -> Callable[[], None]:
    """A price for each of three breaks of ROPE on these lists; those of one writer are told by their price."""
    pricing = [{"quantity": quantity, "price": price} for quantity in (price, price + 10, price + 20)]
    rows = VariantPrices.model_validate([{"price_list_slug": slug, "pricing": pricing} for slug in slugs]).root
    return lambda: operations.set_prices(site=site, sku="ROPE", rows=rows)


def test_of_two_writers_of_a_sku_one_is_whole(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "in_transaction", once)
    make_price_list(site, "a", ROPE=["9"])
    make_price_list(site, "b", ROPE=["9"])

    for _ in range(5):
        results = together(put(site, 1, "a", "b"), put(site, 2, "b", "a"), put(site, 3, "a"))
        assert codes(results) == ["done"] * 3
        for slug in ("a", "b"):
            prices = Price.objects.filter(price_list__slug=slug).values_list("price", flat=True)
            assert (len(prices), len(set(prices))) == (3, 1)


def test_without_the_list_s_lock_they_are_mixed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "in_transaction", once)
    price_list = make_price_list(site, "a")
    monkeypatch.setattr(operations, "_locked_lists", lambda _site, _sent: ({"a": price_list.pk}, []))
    meet_after_removing(monkeypatch)

    assert codes(together(put(site, 1, "a"), put(site, 2, "a"))) == ["done", "done"]

    assert Price.objects.count() == 6


def link(site: Site, slug: str, source: str) -> Callable[[], PriceList]:
    document = PriceListChange.model_validate({"rules": [rule(source)]})
    return lambda: operations.patch_price_list(site=site, slug=slug, document=document)


def in_a_square(site: Site) -> None:
    """b leads to c and d to a; whoever closes the other two sides one by one makes a circle."""
    for slug in "abcd":
        make_price_list(site, slug)
    link(site, "b", "c")()
    link(site, "d", "a")()


def is_closed() -> bool:
    edges = list(PriceListRule.objects.values_list("price_list", "source_price_list"))
    return is_cyclic(edges, PriceList.objects.get(slug="a").pk)


def test_two_writers_close_no_circle(site: Site) -> None:
    in_a_square(site)

    results = together(link(site, "a", "b"), link(site, "c", "d"))

    assert codes(results) == ["done", "rule-cycle"]
    assert not is_closed()


def test_without_the_site_s_lock_they_do(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_square(site)
    monkeypatch.setattr(operations, "_lock_rules", lambda _site: None)
    meet_after(monkeypatch, operations, "_faults_of")

    assert codes(together(link(site, "a", "b"), link(site, "c", "d"))) == ["done", "done"]

    assert is_closed()


def test_a_source_does_not_go_while_a_rule_comes(site: Site) -> None:
    for slug in "ab":
        make_price_list(site, slug)

    results = together(link(site, "a", "b"), lambda: operations.delete_price_list(site=site, slug="b"))

    assert codes(results) in (["done", "resource-in-use"], ["done", "resource-not-found"])
    assert PriceListRule.objects.count() == PriceList.objects.count() - 1


def test_a_list_does_not_go_while_prices_come(site: Site) -> None:
    make_price_list(site, "a")

    results = together(put(site, 1, "a"), lambda: operations.delete_price_list(site=site, slug="a"))

    assert codes(results) in (["done", "done"], ["done", "resource-not-found"])
    assert (PriceList.objects.count(), Price.objects.count()) == (0, 0)


def birth(site: Site) -> Callable[[], PriceList]:
    document = NewPriceList(slug="new", name="New", currency_code="GBP")
    return lambda: operations.create_price_list(site=site, document=document)


def test_of_two_births_under_one_slug_one_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "in_transaction", once)
    assert codes(together(birth(site), birth(site))) == ["done", "resource-already-exists"]


def test_without_the_site_s_lock_the_database_refuses_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "in_transaction", once)
    monkeypatch.setattr(operations, "_lock_rules", lambda _site: None)
    real, saving = PriceList.save, MeetingPoint(2)

    def save(price_list: PriceList, *args: Any, **kwargs: Any) -> None:
        saving.wait()  # both have found the slug free
        real(price_list, *args, **kwargs)

    monkeypatch.setattr(PriceList, "save", save)

    results = together(birth(site), birth(site))

    assert [type(result) for result in results if isinstance(result, Exception)] == [IntegrityError]
