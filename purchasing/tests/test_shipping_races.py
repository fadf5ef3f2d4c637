"""Two who set up one shipping method at the same moment: one of them is told that it is taken."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from purchasing.models import ShippingMethod
from tests.callers import ApiCaller, make_caller
from tests.together import together

METHODS = "/api/v1/shipping-methods"
BODY: dict[str, Any] = {"sku": "VAN", "title": "Van", "countries": ["GB"], "bands": [{"cost": {"type": "free"}}] * 3}


@pytest.mark.django_db(transaction=True)
def test_one_of_many_births_is_the_method(site: Site) -> None:
    headers = make_caller(site).headers

    def post() -> int:
        return int(ApiCaller(headers).post(METHODS, json=BODY).status_code)

    assert sorted(together(*[post] * 8)) == [200] + [400] * 7  # type: ignore[type-var]  # an exception fails the test
    assert ShippingMethod.objects.get().bands.count() == 3


@pytest.mark.django_db(transaction=True)
def test_bands_of_many_changes_are_those_of_one(site: Site) -> None:
    headers = make_caller(site).headers
    ApiCaller(headers).post(METHODS, json=BODY)

    def patching(count: int) -> Any:
        bands = [{"name": str(count), "cost": {"type": "free"}}] * count
        return lambda: ApiCaller(headers).patch(f"{METHODS}/VAN", json={"bands": bands}).status_code

    assert together(*(patching(count) for count in range(1, 7))) == [200] * 6
    names = list(ShippingMethod.objects.get().bands.values_list("name", flat=True))
    assert names == [names[0]] * int(names[0])
