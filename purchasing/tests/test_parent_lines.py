"""Lines that belong to another line: what is refused, and that the belonging survives everything."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from purchasing.documents import read_document
from purchasing.parent_lines import AMBIGUOUS, CYCLE, UNKNOWN, faults_of_parents
from purchasing.putting import Outcome
from purchasing.tests.bakers import get, line, order, package, put
from purchasing.tests.bodies import PURCHASES, faults
from tests.callers import ApiCaller

KIT = {"identifiers": {"sku": "KIT"}, "relation": "component"}


def child(sku: str, parent: dict[str, str], relation: str | None = None, **members: Any) -> dict[str, Any]:
    """A line that belongs to the one with these identifiers."""
    named = {"identifiers": parent} | ({"relation": relation} if relation else {})
    return line("0", sku=sku, parent_line=named, **members)


def judged(*packages: dict[str, Any]) -> list[tuple[str, str | None]]:
    document = read_document(order(*packages))
    return [(fault.code, fault.property) for fault in faults_of_parents(document.packages)]


WHERE = "packages[{}].line_items[{}].parent_line.identifiers"


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ([package(line(sku="KIT"), child("ROPE", {"sku": "KIT"}))], []),
        ([package(line(sku="KIT")), package(child("ROPE", {"sku": "KIT"}))], []),
        ([package(line(sku="KIT"), child("BAG", {"sku": "KIT"}), child("ROPE", {"sku": "BAG"}))], []),
        ([package(line(sku="KIT")), package(line(sku="KIT"), child("ROPE", {"sku": "KIT"}))], []),  # two pieces
        ([package(child("ROPE", {"sku": "KIT"}))], [(UNKNOWN, WHERE.format(0, 0))]),
        ([package(line(sku="KIT"), child("ROPE", {"sku": "kit"}))], [(UNKNOWN, WHERE.format(0, 1))]),
        ([package(line(sku="KIT"), child("ROPE", {"sku": "KIT", "line": "1"}))], [(UNKNOWN, WHERE.format(0, 1))]),
        (
            [package(line(sku="KIT"), line(sku="KIT", name_child="red"), child("ROPE", {"sku": "KIT"}))],
            [(AMBIGUOUS, WHERE.format(0, 2))],
        ),
        (
            [
                package(
                    line(identifiers={"sku": "KIT", "line": "1"}),
                    line(identifiers={"sku": "KIT", "line": "2"}),
                    child("ROPE", {"line": "2"}),
                )
            ],
            [],
        ),
        ([package(child("ROPE", {"sku": "ROPE"}))], [(CYCLE, WHERE.format(0, 0))]),
        (
            [package(child("A", {"sku": "B"}), child("B", {"sku": "A"})), package(child("C", {"sku": "B"}))],
            [(CYCLE, WHERE.format(0, 0)), (CYCLE, WHERE.format(0, 1))],
        ),
    ],
)
def test_what_is_wrong_with_parents(packages: list[dict[str, Any]], expected: list[tuple[str, str]]) -> None:
    assert judged(*packages) == expected


def test_a_long_chain_is_judged() -> None:
    links = [child(f"S{number}", {"sku": f"S{number + 1}"}) for number in range(3_000)]
    assert judged(package(*links, line(sku="S3000"))) == []


def test_a_put_names_every_fault(api: ApiCaller) -> None:
    body = order(package(child("ROPE", {"sku": "KIT"}), child("AXE", {"sku": "AXE"})))
    answer = api.put(f"{PURCHASES}/internal/A-1", json=body)
    assert (answer.status_code, faults(answer)) == (400, [(UNKNOWN, WHERE.format(0, 0)), (CYCLE, WHERE.format(0, 1))])


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ({}, ("required", "packages[0].line_items[1].parent_line.identifiers")),
        ({"identifiers": {}}, ("too-few", "packages[0].line_items[1].parent_line.identifiers")),
        (
            {"identifiers": {"sku": "KIT"}, "relation": "twin"},
            ("invalid", "packages[0].line_items[1].parent_line.relation"),
        ),
        ("KIT", ("invalid", "packages[0].line_items[1].parent_line")),
    ],
)
def test_a_parent_is_well_formed(api: ApiCaller, parent: Any, expected: tuple[str, str]) -> None:
    body = order(package(line(sku="KIT"), line(parent_line=parent)))
    answer = api.put(f"{PURCHASES}/internal/A-1", json=body)
    assert (answer.status_code, faults(answer)) == (400, [expected])


def parents(site: Site) -> list[tuple[str, str, int, dict[str, Any] | None]]:
    """State, SKU, pieces and parent of every line, as a GET answers them."""
    return sorted(
        (parcel["type"], item["identifiers"]["sku"], item["quantity"], item.get("parent_line"))
        for parcel in get(site)["packages"]
        for item in parcel["line_items"]
    )


def test_it_is_answered_where_it_was_sent_and_counts_as_content(site: Site) -> None:
    body = order(package(line(sku="KIT"), child("ROPE", {"sku": "KIT"}), line(sku="AXE")))
    put(site, body)
    assert parents(site) == [
        ("processing", "AXE", 1, None),
        ("processing", "KIT", 1, None),
        ("processing", "ROPE", 1, KIT),
    ]
    assert put(site, body).outcome is Outcome.UNCHANGED
    assert put(site, get(site)).outcome is Outcome.UNCHANGED
    ids = [item["id"] for item in get(site)["packages"][0]["line_items"]]
    body["packages"][0]["line_items"][1]["parent_line"]["relation"] = "dependent"
    assert put(site, body).outcome is Outcome.UPDATED
    assert [item["id"] for item in get(site)["packages"][0]["line_items"]] == ids
    assert [parent for *_, parent in parents(site) if parent] == [KIT | {"relation": "dependent"}]


def test_equal_goods_keep_their_ids_by_their_parent(site: Site) -> None:
    alone, part = line("5", sku="ROPE"), child("ROPE", {"sku": "KIT"})
    put(site, order(package(line(sku="KIT"), alone, part)))
    before = {item["id"]: item.get("parent_line") for item in get(site)["packages"][0]["line_items"]}
    put(site, order(package(line(sku="KIT"), part, alone)))
    assert {item["id"]: item.get("parent_line") for item in get(site)["packages"][0]["line_items"]} == before


def test_it_survives_shipping_returning_and_cancelling(site: Site, api: ApiCaller) -> None:
    body = order(package(line(sku="KIT", quantity=3), child("ROPE", {"sku": "KIT"}, quantity=3)))
    put(site, body)
    items = [{"sku": sku, "quantity": 2} for sku in ("KIT", "ROPE")]
    one = [{"sku": sku, "quantity": 1} for sku in ("KIT", "ROPE")]
    path = "/api/v1/orders/A-1"
    assert api.post(f"{path}/ship", json={"shipped_at": "2026-03-03T15:00:00Z", "items": items}).status_code == 200
    assert api.post(f"{path}/return", json={"returned_at": None, "items": one}).status_code == 200
    assert api.post(f"{path}/cancel", json={"cancelled_at": None, "items": one}).status_code == 200
    assert parents(site) == [
        (state, sku, 1, parent)
        for state in ("cancelled", "refund", "shipment")
        for sku, parent in (("KIT", None), ("ROPE", KIT))
    ]


def test_a_parent_cannot_go_alone(site: Site, api: ApiCaller) -> None:
    put(site, order(package(line(sku="KIT"), child("ROPE", {"sku": "KIT"}))))
    package_id = get(site)["packages"][0]["id"]
    price = {"net": 1, "gross": 1}
    body = {"items": [{"sku": "ROPE", "name": "Rope", "quantity": 1, "line_total": price}]}
    answer = api.patch(f"/api/v1/orders/A-1/packages/{package_id}", json=body)
    assert answer.status_code == 400
    assert faults(answer)[0][0] == UNKNOWN
