"""A client that only follows links sees everything that is its own, and nothing else."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from cortex.ids import encode
from cortex.table import TABLE
from cortex.tests.walker import Doc, Walker, of_type, rels, walker_of
from customers.models import Customer
from purchasing.models import Purchase
from tests.callers import make_caller

TYPES = {row.type for row in TABLE.values()}


def test_everything_of_one_s_own_is_reached_and_nothing_else(demo_customers: list[Customer]) -> None:
    """One walk for each customer, as the walks take long; each thing that is asked of them below."""
    walks = {customer: walker_of(customer).walk() for customer in demo_customers}
    assert len({customer.site for customer in walks}) == 2
    for site in {customer.site for customer in walks}:
        seen = [found for customer, found in walks.items() if customer.site == site]
        assert {document["self"]["type"] for found in seen for document in found.values()} == TYPES
    for found in walks.values():
        _leads_back(found)
    _holds_the_corners(walks)
    _nobody_sees_what_is_not_his(walks)
    _figures_are_those_of_the_api(walks)


def _leads_back(found: dict[str, Doc]) -> None:
    """Every `rev` names a link back, and every resource is where it says it is."""
    for address, document in found.items():
        assert document["self"]["href"] == (address if address != "http://testserver/cortex" else f"{address}/")
        assert document["self"]["href"] == f"http://testserver/cortex{document['self']['uri']}"
        for link in document["links"]:
            assert link["href"] == f"http://testserver/cortex{link['uri']}"
            if link["rel"].endswith("action"):
                continue
            there = found[link["href"]]
            assert there["self"]["type"] == link["type"]
            if "rev" in link:
                back = [other["href"] for other in there["links"] if other["rel"] == link["rev"]]
                assert back == [document["self"]["href"]], (address, link)


def _holds_the_corners(walks: dict[Customer, dict[str, Doc]]) -> None:
    """What a storefront may stumble over is in the demo of both merchants."""
    for slug in {customer.site.slug for customer in walks}:
        found = {
            address: document
            for customer, seen in walks.items()
            if customer.site.slug == slug
            for address, document in seen.items()
        }
        lines = list(of_type(found, "purchases.line-item"))
        assert {"components", "dependentlineitems", "parent", "options"} <= {
            rel for line in lines for rel in rels(line)
        }
        purchases = list(of_type(found, "purchases.purchase"))
        assert any("/" in purchase["purchase-number"] for purchase in purchases)
        assert max(rels(document).count("element") for document in of_type(found, "shipments.shipments")) >= 2
        assert max(rels(document).count("element") for document in of_type(found, "purchases.payment-means")) >= 2
        assert min(rels(document).count("element") for document in of_type(found, "purchases.payment-means")) == 1
        assert min(rels(document).count("element") for document in of_type(found, "purchases.line-items")) == 0
        assert None in {document["address"]["locality"] for document in of_type(found, "addresses.address")}


def _nobody_sees_what_is_not_his(walks: dict[Customer, dict[str, Doc]]) -> None:
    for customer, found in walks.items():
        visible = Purchase.objects.visible_to(customer).orders()
        numbers = Counter(purchase["purchase-number"] for purchase in of_type(found, "purchases.purchase"))
        assert numbers == Counter(purchase.number for purchase in visible)
    everything = {address for found in walks.values() for address in found}
    for customer, found in walks.items():
        api = walker_of(customer)
        # What is for sale at his merchant's is everybody's to see.
        for_sale = f"http://testserver/cortex/items/{customer.site.slug}/"
        foreign = sorted(address for address in everything - found.keys() if not address.startswith(for_sale))
        assert foreign
        unknown = api.ask("GET", f"http://testserver/cortex/purchases/{customer.site.slug}/{encode('999999')}")
        assert unknown.status_code == 404
        for address in foreign[:: max(1, len(foreign) // 15)]:
            answer = api.ask("GET", address)
            assert (answer.status_code, answer.content) == (404, unknown.content), address
            assert api.ask("POST", address).status_code in (404, 405)


def _figures_are_those_of_the_api(walks: dict[Customer, dict[str, Doc]]) -> None:
    """Amounts, taxes, statuses and numbers of every purchase."""
    programs = {site: make_caller(site, name="Checker") for site in {customer.site for customer in walks}}
    checked = 0
    for customer, found in walks.items():
        ours = {row["id"]: row for row in programs[customer.site].get("/api/v1/purchases?limit=500").json()}
        by_number = {Purchase.objects.get(pk=int(key[2:])).number: key for key in ours}
        for address, shown in found.items():
            if shown["self"]["type"] != "purchases.purchase":
                continue
            spark_id = ours[by_number[shown["purchase-number"]]]["purchase_identifiers"]["sparklayer"]
            _same(shown, programs[customer.site].get(f"/api/v1/purchases/sparklayer/{spark_id}").json(), found, address)
            checked += 1
    assert checked > 50


def _same(shown: Doc, answered: Doc, found: dict[str, Doc], address: str) -> None:
    code = answered["currency_code"]
    live = [package for package in answered["packages"] if package["type"] != "cancelled"]
    totals = [line["line_total"] for package in live for line in package["line_items"]]
    freight = [
        package["shipping_method"]["line_total"]
        for package in live
        if package["shipping_method"] and package["shipping_method"]["line_total"]
    ]
    assert _amounts(shown["monetary-total"]) == [(answered["calculated_total"]["number"], code)]
    tax = _sum(totals + freight, "calculated_gross") - _sum(totals + freight, "total_net")
    assert Decimal(str(shown["tax-total"]["amount"])) == tax
    assert sum(Decimal(str(item["amount"])) for item in shown["taxes"]) == tax
    quantities = answered["calculated_quantities"]
    placed = sum(quantities.values())
    expected = "COMPLETED" if placed and not quantities["open"] else "IN_PROGRESS"
    if placed and placed == quantities["cancelled"]:
        expected = "CANCELLED"
    assert shown["status"] == expected
    discount = found[_link(shown, "discount")]["discount"]
    assert [Decimal(str(item["amount"])) for item in discount] == [_sum(totals + freight, "discount_net")]
    lines = [found[link["href"]] for link in found[_link(shown, "lineitems")]["links"] if link["rel"] == "element"]
    for name, member in (("line-extension-amount", "total_net"), ("line-extension-total", "calculated_gross")):
        assert sum(Decimal(str(line[name][0]["amount"])) for line in lines) == _sum(totals, member)
    assert sum(line["quantity"] for line in lines) == placed - quantities["cancelled"]
    told = {"returned": "returned-quantity", "cancelled": "cancelled-quantity"}
    for state, name in told.items():
        assert sum(int(line["configuration"].get(name, 0)) for line in lines) == quantities[state]
    shipped = [package for package in answered["packages"] if package["type"] == "shipment"]
    assert ("shipments" in rels(shown)) == bool(shipped), address


def _link(document: Doc, rel: str) -> str:
    return next(str(link["href"]) for link in document["links"] if link["rel"] == rel)


def _sum(totals: list[Doc], member: str) -> Decimal:
    return sum((Decimal(total[member]["number"]) for total in totals), Decimal(0))


def _amounts(moneys: list[Doc]) -> list[tuple[str, str]]:
    return [
        (f"{Decimal(str(money['amount'])):.{2 if money['currency'] != 'JPY' else 0}f}", money["currency"])
        for money in moneys
    ]


def test_a_lookup_finds_every_number(demo_customers: list[Customer]) -> None:
    for customer in demo_customers[:3]:
        api = walker_of(customer)
        for purchase in Purchase.objects.visible_to(customer).orders()[:40]:
            answer = api.look_up(purchase.number)
            assert (answer.status_code, answer.content) == (201, b"")
            assert api.get(answer["Location"])["purchase-number"] == purchase.number


def test_a_stranger_to_links_is_a_walker_without_token() -> None:
    assert Walker().ask("GET", "http://testserver/cortex").status_code == 401
