"""What every answer looks like, and where it says it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from core.models import Site
from cortex.ids import encode
from cortex.tests.walker import HOST, MOUNT, Walker, href, rels, walker_of
from customers.models import Customer
from tests.cast import make_buyer, make_customer, make_order, package


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_buyer(site)


@pytest.fixture
def api(buyer: Customer) -> Walker:
    return walker_of(buyer)


def ids(answer: Any) -> list[str]:
    return [message["id"] for message in answer.json()["messages"]]


def test_the_smallest_purchase_has_every_property(api: Walker, site: Site, buyer: Customer) -> None:
    """No address, no payment, no line: nulls, one payment mean with a name, one discount."""
    order = make_order(site, buyer, packages=[])
    shown = api.follow("purchases", "element")
    money = {"amount": 0.0, "currency": "GBP", "display": "£0.00"}
    at = shown.pop("purchase-date")
    uri = f"/purchases/{site.slug}/{encode(str(order.pk))}"
    assert shown.pop("self") == {"type": "purchases.purchase", "uri": uri, "href": f"{MOUNT}{uri}"}
    assert shown.pop("links")[1] == {
        "rel": "billingaddress",
        "rev": "purchase",
        "type": "addresses.address",
        "uri": f"{uri}/billingaddress",
        "href": f"{MOUNT}{uri}/billingaddress",
    }
    assert shown == {
        "messages": [],
        "purchase-number": f"o_{order.pk}",
        "status": "IN_PROGRESS",
        "monetary-total": [money],
        "tax-total": money,
        "taxes": [],
    }
    assert at["value"] == int(order.ordered_at.timestamp() * 1000)
    nowhere = dict.fromkeys(("street-address", "extended-address", "locality", "region", "postal-code"))
    nowhere |= dict.fromkeys(("country-name", "phone-number", "organization"))
    nobody = {"name": {"given-name": None, "family-name": None}, "address": nowhere}
    address = api.follow("purchases", "element", "billingaddress")
    assert {name: address[name] for name in ("name", "address")} == nobody
    assert rels(api.follow("purchases", "element", "lineitems")) == ["purchase"]
    mean = api.follow("purchases", "element", "paymentmeans", "element")
    assert (mean["display-name"], mean["method-name"]) == ("Payment", None)
    assert api.follow("purchases", "element", "discount")["discount"] == [money]


def test_an_amount_is_a_number_digit_by_digit(api: Walker, site: Site, buyer: Customer) -> None:
    total = {"total_net": {"number": "8.333", "currency": "GBP"}, "tax_rate": 20}
    line = {"identifiers": {}, "name_parent": "Chalk", "quantity": 4, "line_total": total}
    make_order(site, buyer, packages=[package(line)])
    content = api.ask("GET", href(api.follow("purchases", "element", "lineitems"), "element")).content.decode()
    for name, amount in (("amount", "8.333"), ("tax", "1.667"), ("total", "10.00")):
        assert f'"line-extension-{name}":[{{"amount":{amount},"currency":"GBP"' in content


@pytest.mark.parametrize("suffix", ["", "/", "?a=b", "/?a=b"])
def test_the_mount_answers_with_and_without_a_slash(api: Walker, suffix: str) -> None:
    answer = api.ask("GET", MOUNT + suffix)
    assert (answer.status_code, answer.json()["self"]["uri"]) == (200, "/")


def test_addresses_honour_the_mount(api: Walker) -> None:
    answer = Client().get(
        "/shop/cortex/lookups",
        headers={"Authorization": f"Bearer {api.token}"},
        RAW_URI="/shop/cortex/lookups",
        SCRIPT_NAME="/shop",
        PATH_INFO="/cortex/lookups",
    )
    assert answer.json()["self"]["href"] == f"{HOST}/shop/cortex/lookups"
    assert answer.json()["self"]["uri"] == "/lookups"


@pytest.mark.parametrize(
    ("trusted", "host", "expected"),
    [
        (False, "shop.example", "testserver"),
        (True, "shop.example", "shop.example"),
        (True, "evil.example", None),
        (False, "evil.example", "testserver"),
    ],
)
def test_the_host_is_one_that_is_trusted(
    api: Walker, settings: Any, trusted: bool, host: str, expected: str | None
) -> None:
    settings.USE_X_FORWARDED_HOST, settings.ALLOWED_HOSTS = trusted, ["testserver", "shop.example"]
    answer = api.ask("GET", MOUNT, X_Forwarded_Host=host)
    if expected is None:
        assert (answer.status_code, answer.json()["links"]) == (400, [])
    else:
        assert answer.json()["self"]["href"] == f"http://{expected}/cortex/"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "expected"),
    [
        ("GET", "/none", b"", 404, ["not.found"]),
        ("GET", "/purchases/{other}", b"", 404, ["not.found"]),
        ("GET", "/purchases/{site}/none", b"", 404, ["not.found"]),
        ("GET", "/purchases/{site}/giydcojw=", b"", 404, ["not.found"]),
        ("GET", "/purchases/{site}/pages/ge=", b"", 404, ["not.found"]),
        ("GET", "/purchases/{site}/pages/gi=", b"", 404, ["not.found"]),
        ("GET", "/profiles/{site}/giydcojw=", b"", 404, ["not.found"]),
        ("GET", "/orders/{site}/giydcojw=", b"", 404, ["not.found"]),
        ("GET", "/purchases/{site}/%00", b"", 400, ["invalid.api.request.contents"]),
        ("POST", "/purchases/{site}", b"{}", 405, ["method.not.allowed"]),
        ("DELETE", "/", b"", 405, ["method.not.allowed"]),
        ("POST", "/purchases/{site}/lookups/form", b"", 400, ["field.required"]),
        ("POST", "/purchases/{site}/lookups/form", b"{}", 400, ["field.required"]),
        ("POST", "/purchases/{site}/lookups/form", b"[]", 400, ["invalid.api.request.contents"]),
        ("POST", "/purchases/{site}/lookups/form", b"{", 400, ["invalid.json"]),
        ("POST", "/purchases/{site}/lookups/form", b'{"purchase-number": {}}', 400, ["field.invalid.format"]),
        (
            "POST",
            "/purchases/{site}/lookups/form",
            b'{"purchase-number": "%s"}' % (b"x" * 256),
            400,
            ["field.invalid.size"],
        ),
        ("POST", "/purchases/{site}/lookups/form", b'{"purchase-number": "\\u0000"}', 400, ["nul.character"]),
        ("POST", "/purchases/{site}/lookups/form", b'{"purchase-number": "none"}', 404, ["not.found"]),
        ("POST", "/purchases/{site}/lookups/form", b" " * 70_000, 413, ["body.too.large"]),
        ("POST", "/purchases/orders/{site}/giydcojw=/form", b"", 404, ["not.found"]),
    ],
)
def test_refusals_are_messages(
    api: Walker, site: Site, other_site: Site, method: str, path: str, body: bytes, status: int, expected: list[str]
) -> None:
    answer = api.ask(method, MOUNT + path.format(site=site.slug, other=other_site.slug), body)
    assert (answer.status_code, ids(answer)) == (status, expected)
    assert answer.json().keys() == {"messages", "links"}
    assert {message["type"] for message in answer.json()["messages"]} == {"error"}
    if status == 405:
        assert answer["Allow"].startswith("GET, HEAD, OPTIONS")


def test_another_kind_of_body_is_refused(api: Walker) -> None:
    form = api.follow("lookups", "purchaselookupform")
    answer = api.ask("POST", href(form, "purchaselookupaction"), b"a=b", content_type="text/plain")
    assert (answer.status_code, ids(answer)) == (415, ["unsupported.media.type"])


def test_without_a_token_nothing_is_told(site: Site) -> None:
    for path in ("", "/", "/lookups", "/none", f"/purchases/{site.slug}", f"/purchases/{site.slug}/lookups/form"):
        for method in ("GET", "POST", "DELETE", "OPTIONS"):
            answer = Walker().ask(method, MOUNT + path)
            assert (answer.status_code, ids(answer)) == (401, ["authentication.required"])


def test_options_says_what_can_be_asked(api: Walker) -> None:
    answer = api.ask("OPTIONS", MOUNT)
    assert (answer.status_code, answer["Allow"], answer.content) == (204, "GET, HEAD, OPTIONS", b"")
    assert api.ask("HEAD", MOUNT).content == b""


@pytest.mark.parametrize(
    ("traits", "accepted", "display"),
    [
        ("", "", "£1,234.50"),
        ("LOCALE=de-DE, CURRENCY=EUR", "en", "1.234,50\xa0£"),
        ("locale=fr_CA", "", "1\xa0234,50\xa0£"),
        ("", "de;q=0.9, en;q=0.5", "1.234,50\xa0£"),
        ("LOCALE=xx-none, CURRENCY=EUR", "", "£1,234.50"),
        ("LOCALE=../../etc", "", "£1,234.50"),
    ],
)
def test_amounts_are_written_for_the_caller(
    api: Walker, site: Site, buyer: Customer, traits: str, accepted: str, display: str
) -> None:
    line = {"identifiers": {}, "name_parent": "Rope", "quantity": 1}
    line |= {"line_total": {"total_net": {"number": "1234.50", "currency": "GBP"}}}
    make_order(site, buyer, packages=[package(line)])
    address = href(api.follow("purchases"), "element")
    answer = api.ask("GET", address, x_ep_user_traits=traits, Accept_Language=accepted).json()
    assert answer["monetary-total"][0]["display"].replace("\u202f", "\xa0") == display


def test_lists_over_a_hundred_have_pages(api: Walker, site: Site, buyer: Customer) -> None:
    for number in range(201):
        make_order(site, buyer, identifiers={"visible": f"V-{number}"}, packages=[])
    first = api.follow("purchases")
    second = api.get(href(first, "next"))
    third = api.get(href(second, "next"))
    told = {"page-size": 100, "pages": 3, "results": 201}
    pages = [first, second, third]
    assert [page["pagination"] for page in pages] == [
        {"current": number, "results-on-page": size, **told} for number, size in ((1, 100), (2, 100), (3, 1))
    ]
    assert [{rel for rel in rels(page) if rel != "element"} for page in pages] == [
        {"next"},
        {"next", "previous"},
        {"previous"},
    ]
    assert href(second, "previous") == first["self"]["href"]
    assert href(third, "previous") == second["self"]["href"]
    elements = [link["href"] for page in pages for link in page["links"] if link["rel"] == "element"]
    assert len(set(elements)) == 201
    assert api.get(elements[0])["purchase-number"] == "V-200"
    assert api.get(elements[-1])["purchase-number"] == "V-0"


def test_an_account_narrows_what_is_seen(site: Site) -> None:
    head = make_customer(site, "Head", external_id="HEAD")
    branch = make_customer(site, "Branch", parent=head, external_id="BRANCH")
    buyer = make_buyer(site, "Buyer", parent=branch, role="main")
    sibling, stranger = make_customer(site, "Sibling", parent=head), make_customer(site, "Stranger", external_id="S")
    for customer in (head, branch, buyer, sibling):
        make_order(site, customer, packages=[])
    for account, seen in (("", 4), ("HEAD", 4), (head.public_id, 4), ("BRANCH", 2), (buyer.public_id, 1)):
        api = walker_of(buyer, x_ep_account_shared_id=account) if account else walker_of(buyer)
        assert len([rel for rel in rels(api.follow("purchases")) if rel == "element"]) == seen
    for account in (sibling.public_id, stranger.public_id, "S", "none", "x" * 5000):
        answer = walker_of(buyer, x_ep_account_shared_id=account).ask("GET", MOUNT)
        assert (answer.status_code, ids(answer)) == (404, ["not.found"])


def test_other_headers_of_cortex_say_nothing(api: Walker) -> None:
    api.headers = {"x-ep-user-id": "1", "x-ep-user-roles": "ADMIN", "x-ep-user-scopes": "none"}
    assert json.dumps(api.root()) == json.dumps(api.root())
    assert rels(api.root()) == ["defaultprofile", "lookups", "purchases"]
