"""The Core reference's own samples: every request is accepted as it stands, every answer has exactly these members.

A request's ids are pointed at what is there; what has to be there first is made by the samples before it. What an
answer has beyond the sample is named in `MORE`, and nothing else may be. A sample file without a row fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.devdb import PROJECT
from core.models import Site
from customers.tests.cast import make_customer
from tests.callers import ApiCaller, make_client
from tests.cast import PASSWORD, make_buyer

FILES = {path.stem: path for path in PROJECT.glob("*/tests/samples/*.json") if not path.name.startswith("purchase-")}
"""Those of purchases have tests of their own (`purchasing/tests/api/test_purchase_put.py`)."""

ORDER = "/api/v1/orders/ORD21231231"
CUSTOMER = "/api/v1/customers/XXXX00123"


def sample(name: str) -> Any:
    return orjson.loads(FILES[name].read_bytes())


@dataclass(frozen=True)
class Sent:
    """Where a request sample is sent and what it is answered; `needs`: the samples before it."""

    calls: tuple[tuple[str, str], ...]
    needs: tuple[str, ...] = ()
    status: int = 200
    told: Callable[[Merchant, Any], Any] = lambda _merchant, body: body
    """The body, where the sample's own word names something that a site does not have."""


def _as_a_client(merchant: Merchant, body: Any) -> Any:
    client, secret = make_client(merchant.site, name="Shop")
    return body | {"client_id": client.client_id, "client_secret": secret}


def _of_a_setting(_merchant: Merchant, body: Any) -> Any:
    assert [row["key"] for row in body] == ["string"]
    return [row | {"key": "default_currency"} for row in body]


def _of_what_was_shipped(merchant: Merchant, body: Any) -> Any:
    """The samples call what is shipped and what comes back the same; one package of an order has a name."""
    shipped = merchant.body("order-ship.request") | {"external_id": None}
    assert merchant.api.post(f"{ORDER}/ship", json=shipped).status_code == 200
    return body


REQUESTS: dict[str, Sent] = {
    "token.request": Sent((("POST", "/api/auth/token"),), told=_as_a_client),
    "address-create.request": Sent((("POST", "/api/v1/customers/string/addresses"),)),
    "customer-create.request": Sent((("POST", "/api/v1/customers"),), ("address-create.request",)),
    "customer-patch.request": Sent((("PATCH", CUSTOMER),), ("customer-create.request",)),
    "customer-group-create.request": Sent((("POST", "/api/v1/customer-groups"),)),
    "customer-group-patch.request": Sent(
        (("PATCH", "/api/v1/customer-groups/eu_gbp"),), ("customer-group-create.request",)
    ),
    "customer-group-settings-patch.request": Sent(
        (("PATCH", "/api/v1/customer-groups/eu_gbp/settings"),), ("customer-group-create.request",), 204
    ),
    "settings-patch.request": Sent((("PATCH", "/api/v1/settings"),), status=204, told=_of_a_setting),
    "stock-location-create.request": Sent((("POST", "/api/v1/stock-locations"),)),
    "stock-location-patch.request": Sent(
        (("PATCH", "/api/v1/stock-locations/warehouse-1"), ("PATCH", "/api/v1/stock-locations/sl_123")),
        ("stock-location-create.request",),
    ),
    "product-create.request": Sent((("POST", "/api/v1/products"),), ("stock-location-create.request",)),
    "product-patch.request": Sent((("PATCH", "/api/v1/products/ID001"),), ("product-create.request",)),
    "variant-patch.request": Sent((("PATCH", "/api/v1/variants/IDV001"),), ("product-create.request",)),
    "stock-patch.request": Sent((("PATCH", "/api/v1/variants/IDV001/stock"),), ("product-create.request",), 204),
    "price-list-create.request": Sent((("POST", "/api/v1/price-lists"),)),
    "pricing-patch.request": Sent(
        (("PATCH", "/api/v1/pricing/IDV001"), ("PATCH", "/api/v1/variants/IDV001/pricing")),
        ("price-list-create.request",),
    ),
    "shipping-method-create.request": Sent((("POST", "/api/v1/shipping-methods"),)),
    "shipping-method-patch.request": Sent(
        (("PATCH", "/api/v1/shipping-methods/SKU001"), ("PATCH", "/api/v1/shipping-methods/sm_123")),
        ("shipping-method-create.request",),
    ),
    "order-create.request": Sent((("POST", "/api/v1/orders"),), ("customer-create.request",)),
    "order-patch.request": Sent((("PATCH", ORDER),), ("order-create.request",)),
    "order-ship.request": Sent((("POST", f"{ORDER}/ship"), ("POST", f"{ORDER}/ship-items")), ("order-create.request",)),
    "order-cancel.request": Sent(
        (("POST", f"{ORDER}/cancel"), ("POST", f"{ORDER}/cancel-items")), ("order-create.request",)
    ),
    "order-return.request": Sent(
        (("POST", f"{ORDER}/return"), ("POST", f"{ORDER}/return-items")),
        ("order-create.request",),
        told=_of_what_was_shipped,
    ),
    "order-package-update.request": Sent(
        (("PATCH", f"{ORDER}/packages/orp_123"), ("PUT", f"{ORDER}/packages/orp_123")), ("order-create.request",)
    ),
}
"""Every request sample."""

GIVEN = {
    "address-create.request": ("ca_123", "ca_1234"),
    "customer-create.request": ("cu_123",),
    "stock-location-create.request": ("sl_123",),
    "shipping-method-create.request": ("sm_123",),
}
"""The ids by which samples call what these make."""

MORE: dict[str, set[str]] = {
    "token.answer": {"scope"},
    "error.answer": {"type"},
    "customer.answer": {"role", "available_shipping_addresses", "balances"},
    "customer-groups.answer": {"[].parent_slug"},
    "price-list.answer": {"source", "tax_inclusive_display", "rules"},
    "pricing.answer": {"[].pricing[].unit_of_measure"},
}
"""What an answer has beyond the sample, as the API documents say."""


@dataclass
class Merchant:
    """A site on which samples are sent."""

    api: ApiCaller
    site: Site
    ids: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    def pointed(self, text: bytes) -> bytes:
        """With the samples' ids replaced by those of what is there."""
        return re.sub(
            rb"\b(ca|cu|sl|sm|orp)_(123|1234)\b", lambda found: self.ids.get(found[0].decode(), "?").encode(), text
        )

    def body(self, name: str) -> Any:
        return orjson.loads(self.pointed(FILES[name].read_bytes()))

    def send(self, name: str, *, call: int = 0) -> Any:
        """The answer to this sample, sent after those that it needs."""
        row = REQUESTS[name]
        for needed in row.needs:
            if needed not in self.answers:
                self.send(needed)
        method, path = row.calls[call]
        answer = self.api.request(method, self.pointed(path.encode()).decode(), json=row.told(self, self.body(name)))
        assert answer.status_code == row.status, f"{name}: {answer.content}"
        answered: Any = answer.json() if row.status == 200 else None
        self.answers[name] = answered
        self.ids |= dict.fromkeys(GIVEN.get(name, ()), answered["id"] if name in GIVEN else "")
        if name == "order-create.request":
            self.ids["orp_123"] = answered["packages"][0]["id"]
        return answered

    def read(self, path: str) -> Any:
        answer = self.api.get(self.pointed(path.encode()).decode())
        assert answer.status_code == 200, answer.content
        return answer.json()


@pytest.fixture
def merchant(api: ApiCaller, site: Site) -> Merchant:
    """With the customer whom the samples call `string`."""
    make_customer(site, "head", external_id="string")
    return Merchant(api, site)


@pytest.mark.parametrize(
    ("name", "call"), [(name, call) for name, row in REQUESTS.items() for call in range(len(row.calls))]
)
def test_a_request_is_accepted_as_it_stands(merchant: Merchant, name: str, call: int) -> None:
    merchant.send(name, call=call)


# --- answers ----------------------------------------------------------------------------------------------------------


def _products(merchant: Merchant) -> Iterator[Any]:
    yield merchant.send("product-create.request")
    yield merchant.send("product-patch.request")
    yield merchant.read("/api/v1/products/ID001")
    yield merchant.read("/api/v1/products")[0]


def _variants(merchant: Merchant) -> Iterator[Any]:
    yield merchant.send("variant-patch.request")
    yield merchant.read("/api/v1/variants/IDV001")
    yield merchant.read("/api/v1/variants")[0]


def _stock(merchant: Merchant) -> Iterator[Any]:
    merchant.send("stock-patch.request")
    yield merchant.read("/api/v1/variants/IDV001/stock")
    question = {"skus": ["IDV001"], "filter": {"all_stock_locations": True}}
    yield merchant.api.post("/api/v1/batch-fetch-stock", json=question).json()[0]["stock"]


def _locations(merchant: Merchant) -> Iterator[Any]:
    yield merchant.send("stock-location-create.request")
    yield merchant.send("stock-location-patch.request")
    yield merchant.read("/api/v1/stock-locations/warehouse-1")
    yield merchant.read("/api/v1/stock-locations")[0]


def _addresses(merchant: Merchant) -> Iterator[Any]:
    yield merchant.send("address-create.request")
    path = merchant.pointed(b"/api/v1/customers/string/addresses/ca_123").decode()
    yield merchant.api.patch(path, json=sample("address-create.request")).json()


def _address_lists(merchant: Merchant) -> Iterator[Any]:
    merchant.send("address-create.request")
    yield merchant.read("/api/v1/customers/string/addresses")


def _customers(merchant: Merchant) -> Iterator[Any]:
    merchant.send("customer-create.request")
    home = sample("address-create.request") | {"external_id": "HOME"}
    assert merchant.api.post(f"{CUSTOMER}/addresses", json=home).status_code == 200
    written = merchant.send("customer-patch.request")
    assert written.pop("warnings") == []  # beside the customer, of writes alone
    yield written
    yield merchant.read(CUSTOMER)
    yield merchant.read("/api/v1/customers?external_id=XXXX00123")[0]


def _groups(merchant: Merchant) -> Iterator[Any]:
    yield merchant.send("customer-group-create.request")
    yield merchant.send("customer-group-patch.request")
    yield merchant.read("/api/v1/customer-groups")


def _group_settings(merchant: Merchant) -> Iterator[Any]:
    merchant.send("customer-group-settings-patch.request")
    yield merchant.read("/api/v1/customer-groups/eu_gbp/settings")


def _price_lists(merchant: Merchant) -> Iterator[Any]:
    yield merchant.send("price-list-create.request")
    yield merchant.api.patch("/api/v1/price-lists/base-list", json=sample("price-list-create.request")).json()
    yield merchant.read("/api/v1/price-lists/base-list")
    yield merchant.read("/api/v1/price-lists")[0]
    yield merchant.read("/api/v2/price-lists")["data"][0]


def _pricing(merchant: Merchant) -> Iterator[Any]:
    yield merchant.send("pricing-patch.request")
    yield merchant.read("/api/v1/pricing/IDV001")
    yield merchant.read("/api/v1/variants/IDV001/pricing")


def _methods(merchant: Merchant) -> Iterator[Any]:
    yield merchant.send("shipping-method-create.request")
    yield merchant.send("shipping-method-patch.request")
    yield merchant.read("/api/v1/shipping-methods/SKU001")


def _method_lists(merchant: Merchant) -> Iterator[Any]:
    merchant.send("shipping-method-create.request")
    yield merchant.read("/api/v1/shipping-methods")


def _orders(merchant: Merchant) -> Iterator[Any]:
    """Of an order that says everything: what checkout and the catalogue know of it comes by its other face."""
    merchant.send("order-ship.request")
    path = "/api/v1/purchases/internal/ORD21231231"
    purchase = merchant.read(path)
    purchase["custom_fields"] = sample("order.answer")["custom_fields"]
    [line] = purchase["packages"][0]["line_items"]
    line |= {"name_child": "60 m", "image_url": "https://files.example/1.png", "product_slug": "rope"}
    line["identifiers"]["external_id"] = "pv_123"
    assert merchant.api.put(path, json=purchase).status_code == 200
    yield merchant.read(ORDER)
    yield merchant.read("/api/v1/orders")[0]
    yield merchant.send("order-patch.request")


def _errors(merchant: Merchant) -> Iterator[Any]:
    merchant.send("product-create.request")
    merchant.ids["sl_123"] = "sl_999999999"
    answer = merchant.api.patch("/api/v1/variants/IDV001/stock", json=merchant.body("stock-patch.request"))
    assert answer.status_code == 400
    yield answer.json()


def _tokens(merchant: Merchant) -> Iterator[Any]:
    """A program is answered no refresh token: it asks with its secret again. A customer is."""
    program = merchant.send("token.request")
    assert "refresh_token" not in program
    yield program | {"refresh_token": ""}
    buyer = make_buyer(merchant.site)
    asked = {"grant_type": "password", "username": buyer.email, "password": PASSWORD}
    yield merchant.api.post("/api/auth/token", json=asked).json()


ANSWERS: dict[str, Callable[[Merchant], Iterator[Any]]] = {
    "product.answer": _products,
    "variant.answer": _variants,
    "stock.answer": _stock,
    "stock-location.answer": _locations,
    "address.answer": _addresses,
    "addresses.answer": _address_lists,
    "customer.answer": _customers,
    "customer-groups.answer": _groups,
    "customer-group-settings.answer": _group_settings,
    "price-list.answer": _price_lists,
    "pricing.answer": _pricing,
    "shipping-method.answer": _methods,
    "shipping-methods.answer": _method_lists,
    "order.answer": _orders,
    "error.answer": _errors,
    "token.answer": _tokens,
}
"""Every answer sample: all that is answered with these members."""


def kind(value: Any) -> str:
    """What JSON calls it."""
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else type(value).__name__


def differences(sample: Any, answer: Any, path: str = "") -> Iterator[str]:
    """Where an answer is not as the sample: `-path` is missing, `+path` is more, `path: …` is of another kind.

    Null in a sample says nothing of what else may stand there.
    """
    if isinstance(sample, dict) and isinstance(answer, dict):
        inside = f"{path}." if path else ""
        yield from (f"-{inside}{name}" for name in sample.keys() - answer.keys())
        yield from (f"+{inside}{name}" for name in answer.keys() - sample.keys())
        for name in sample.keys() & answer.keys():
            yield from differences(sample[name], answer[name], f"{inside}{name}")
    elif isinstance(sample, list) and isinstance(answer, list) and answer:
        for item in answer:
            yield from differences(sample[0], item, f"{path}[]")
    elif sample is not None and (isinstance(sample, list) or kind(sample) != kind(answer)):
        yield f"{path}: {kind(sample)}, not {kind(answer)} {answer!r}"


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_has_exactly_the_members_of_the_sample(merchant: Merchant, name: str) -> None:
    answers = list(ANSWERS[name](merchant))
    assert answers
    for answer in answers:
        assert set(differences(sample(name), answer)) == {f"+{path}" for path in MORE.get(name, ())}


def test_every_sample_has_a_row() -> None:
    assert {*REQUESTS, *ANSWERS} == set(FILES)
    assert len(FILES) == 40


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"a": 1, "b": [{"c": "x"}, {"c": "y"}]}, set()),
        ({"a": 1}, {"-b"}),
        ({"a": 1, "b": [{"c": "x", "d": 1}], "e": 1}, {"+b[].d", "+e"}),
        ({"a": "1", "b": []}, {"a: number, not str '1'", "b: list, not list []"}),
        ({"a": None, "b": [{"c": "x"}, {}]}, {"a: number, not NoneType None", "-b[].c"}),
    ],
)
def test_what_differs_is_told(answer: Any, found: set[str]) -> None:
    assert set(differences({"a": 1, "b": [{"c": "x"}]}, answer)) == found


def test_the_samples_lie_where_they_are_used() -> None:
    """None is there twice, so none can be changed in one place only."""
    paths: list[Path] = [path for path in PROJECT.glob("*/tests/samples/*.json") if path.stem in FILES]
    assert len(paths) == len(FILES)
