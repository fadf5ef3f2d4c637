"""Which order minimum binds the customers of a group."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.models import Site
from customers.models import CustomerGroup, OrderMinimum
from customers.order_minimums import falls_short, order_minimum_of
from customers.tests.cast import default_group, make_group


def set_minimum(group: CustomerGroup, value: str, *, currency_code: str = "GBP") -> None:
    OrderMinimum.objects.create(site=group.site, group=group, currency_code=currency_code, minimum_value=Decimal(value))


def set_default(site: Site, **minimums: str) -> None:
    for code, value in minimums.items():
        set_minimum(default_group(site), value, currency_code=code)


def asked(site: Site, group: CustomerGroup, currency_code: str = "GBP") -> Decimal | None:
    minimum = order_minimum_of(site=site, group_id=group.pk, currency_code=currency_code)
    return minimum.minimum_value if minimum else None


@pytest.mark.parametrize(
    ("default", "parent", "own", "expected"),
    [
        (None, None, None, None),
        ("10", None, None, "10"),
        ("10", "20", None, "20"),
        ("10", "20", "30", "30"),
        (None, "20", None, "20"),
        (None, None, "30", "30"),
        ("10", None, "0", None),
        ("10", "0", None, None),
        ("10", "0", "5", "5"),
        ("0", None, None, None),
    ],
)
def test_the_nearest_group_that_says_something_counts(
    site: Site, default: str | None, parent: str | None, own: str | None, expected: str | None
) -> None:
    if default:
        set_default(site, GBP=default)
    above = make_group(site, "eu")
    group = make_group(site, "at", parent=above)
    for owner, value in ((above, parent), (group, own)):
        if value:
            set_minimum(owner, value)

    assert asked(site, group) == (None if expected is None else Decimal(expected))


def test_currencies_are_asked_apart(site: Site) -> None:
    set_default(site, EUR="12")
    group = make_group(site, "uk", GBP="10")

    assert [asked(site, group, code) for code in ("GBP", "EUR", "USD")] == [Decimal(10), Decimal(12), None]


def test_another_site_s_minimums_are_not_asked(site: Site, other_site: Site) -> None:
    set_default(other_site, GBP="10")

    assert asked(site, default_group(site)) is None


def test_a_cycle_that_came_in_past_every_guard_ends(site: Site) -> None:
    eu = make_group(site, "eu")
    at = make_group(site, "at", parent=eu)
    CustomerGroup.objects.filter(pk=eu.pk).update(parent=at)
    set_default(site, GBP="10")

    assert asked(site, at) == Decimal(10)


def test_two_queries_however_deep(site: Site, django_assert_num_queries: Any) -> None:
    group = make_group(site, "g0", GBP="10")
    for number in range(1, 20):
        group = make_group(site, f"g{number}", parent=group)
    with django_assert_num_queries(2):
        assert asked(site, group) == Decimal(10)


@pytest.mark.parametrize(
    ("compare_type", "gross", "net", "expected"),
    [
        ("gross", "100", "80", False),
        ("gross", "99.99", "99.99", True),
        ("net", "120", "100", False),
        ("net", "120", "99.99", True),
    ],
)
def test_what_is_compared(compare_type: str, gross: str, net: str, expected: bool) -> None:
    minimum = OrderMinimum(minimum_value=Decimal(100), compare_type=compare_type)

    assert falls_short(minimum, gross=Decimal(gross), net=Decimal(net)) is expected
