"""PUT: is it the same or has it changed? Documents are compared after normalising."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from core.errors import InvalidDocument
from core.models import Site
from purchasing.models import LineItem, Package, PurchaseRevision
from purchasing.putting import Outcome
from purchasing.tests.bakers import answer, get, line, make_customer, money, order, package, pay, put, stored
from purchasing.tests.strategies import documents, shuffled

EACH = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)

FULL: dict[str, Any] = order(
    package(
        line("100", quantity=3, identifiers={"sku": "ROPE-60", "ean": "5"}, total={"tax_rate": 20}),
        line("7.005", sku="CHALK", name_child="white", custom_attributes=[{"key": "engraving", "value": "T"}]),
        shipping="5.50",
    ),
    package(line("20", sku="SHOE"), type="shipment", shipments=[{"carrier": "DHL", "tracking_number": "1"}]),
    package(line("20", sku="BELT", refund="15"), type="refund", identifiers={"visible": "R-1"}),
    customer_reference="PO 7",
    custom_fields=[{"name": "gift", "value": None}],
    metadata=[{"name": "a", "value": "b"}],
    dates={"placed_at": "2026-03-02T09:00:00+00:00", "updated_at": "2026-03-02T09:00:00+00:00"},
    currency_code="GBP",
)


def changed(path: str, value: Any) -> dict[str, Any]:
    """The full document with one member set: `packages.0.type`."""
    body = deepcopy(FULL)
    *parents, name = path.split(".")
    place: Any = body
    for parent in parents:
        place = place[int(parent)] if isinstance(place, list) else place.setdefault(parent, {})
    place[int(name) if isinstance(place, list) else name] = value
    return body


SAME: dict[str, dict[str, Any]] = {
    "the very same": FULL,
    "members in another order": shuffled(FULL),
    "null for what is absent": changed("billing_address", None),
    "the default for what is absent": changed("payment_method", ""),
    "an empty list for what is absent": changed("tax_lines", []),
    "an unknown member": changed("colour", "red"),
    "an instant elsewhere": changed("dates.placed_at", "2026-03-02T10:00:00+01:00"),
    "an instant with Z": changed("dates.placed_at", "2026-03-02T09:00:00Z"),
    "updated_at alone": changed("dates.updated_at", "2026-04-01T00:00:00+00:00"),
    "updated_at gone": changed("dates", {"placed_at": "2026-03-02T09:00:00+00:00"}),
    "a decimal with zeros": changed("packages.0.line_items.0.line_total.total_net", money("100.000000")),
    "a decimal as a number": changed(
        "packages.0.line_items.0.line_total.total_net", {"number": 100, "currency": "GBP"}
    ),
    "a rate as a string": changed("packages.0.line_items.0.line_total.tax_rate", "20.00"),
    "a currency in small letters": changed("packages.0.line_items.0.line_total.total_net", money("100", "gbp")),
    "the purchase's currency left out": {key: value for key, value in FULL.items() if key != "currency_code"},
    "a discount of 0": changed("packages.0.line_items.0.line_total.discount_net", money("0")),
    "a quantity with a point": changed("packages.0.line_items.0.quantity", 3.0),
    "another word of the same state": changed("packages.0.type", "processing"),
    "what is calculated": changed("calculated_total", money("1")),
    "warnings": changed("warnings", [{"code": "total-mismatch"}]),
    "a revision": changed("revision", 99),
    "refunded_at for returned_at": changed("packages.2.dates", {"refunded_at": "2026-03-02T09:00:00+00:00"}),
}

CHANGES: dict[str, dict[str, Any]] = {
    "a reference": changed("customer_reference", "PO 8"),
    "a reference's letter case": changed("customer_reference", "po 7"),
    "a reference gone": changed("customer_reference", None),
    "a payment method": changed("payment_method", "card"),
    "a date": changed("dates.placed_at", "2026-03-02T09:00:01+00:00"),
    "another date": changed("dates.created_at", "2026-03-02T09:00:00+00:00"),
    "a new identifier": changed("purchase_identifiers", {"visible": "V-1"}),
    "a custom field's value": changed("custom_fields", [{"name": "gift", "value": ""}]),
    "custom fields in another order": changed("metadata", [{"name": "a", "value": "b"}, {"name": "c", "value": ""}]),
    "an amount in the sixth decimal": changed("packages.0.line_items.1.line_total.total_net", money("7.005001")),
    "a rate": changed("packages.0.line_items.0.line_total.tax_rate", 20.5),
    "a supplied gross": changed("packages.0.line_items.0.line_total.total_gross", money("120")),
    "a quantity": changed("packages.0.line_items.0.quantity", 4),
    "a name": changed("packages.0.line_items.0.name_child", "60 m"),
    "an attribute": changed("packages.0.line_items.1.custom_attributes", []),
    "an identifier of a line": changed("packages.0.line_items.0.identifiers", {"sku": "ROPE-60"}),
    "a package id gone": changed("packages.2.identifiers", {}),
    "a package id of ours replaced": changed(
        "packages.0.identifiers", {"sparklayer_package_id": "8f14e45f-ceea-467f-a83a-0e5cb3f7a8a1"}
    ),
    "a tracking number": changed("packages.1.shipments", [{"carrier": "DHL", "tracking_number": "2"}]),
    "lines in another order": changed("packages.0.line_items", FULL["packages"][0]["line_items"][::-1]),
    "packages in another order": changed("packages", FULL["packages"][::-1]),
    "a package gone": changed("packages", FULL["packages"][:2]),
    "a state": changed("packages.0", {**FULL["packages"][0], "type": "cancelled"}),
    "a freight": changed("packages.0.shipping_method.line_total.total_net", money("5.51")),
    "a file": changed("accounting_files", [{"data": {"uri": "https://example.com/1.pdf"}}]),
    "a currency": json.loads(json.dumps(FULL).replace("GBP", "USD")),
}


@pytest.mark.parametrize("body", SAME.values(), ids=SAME.keys())
def test_the_same_changes_nothing(site: Site, body: dict[str, Any]) -> None:
    first = put(site, FULL)
    row = stored(site)

    again = put(site, body)

    assert (again.outcome, again.purchase.etag) == (Outcome.UNCHANGED, first.purchase.etag)
    assert answer(again.purchase) == answer(first.purchase)
    assert stored(site).changed_at == row.changed_at
    assert PurchaseRevision.objects.count() == 1


@pytest.mark.parametrize("body", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_makes_a_revision(site: Site, body: dict[str, Any]) -> None:
    first = put(site, FULL)

    again = put(site, body)

    assert (again.outcome, again.purchase.revision) == (Outcome.UPDATED, 2)
    assert again.purchase.etag != first.purchase.etag
    revisions = list(PurchaseRevision.objects.order_by("number"))
    assert [revision.number for revision in revisions] == [1, 2]
    assert revisions[1].contents == stored(site).contents
    assert put(site, body).outcome is Outcome.UNCHANGED


@EACH
@given(body=documents())
def test_an_answer_sent_back_is_no_change(site: Site, body: dict[str, Any]) -> None:
    try:
        name = uuid4().hex
        first = put(site, body, name)
    except InvalidDocument:
        return  # a total below 0 and the like
    sent = json.loads(json.dumps(answer(first.purchase)))

    for repeat in (body, sent, shuffled(sent)):
        again = put(site, repeat, name)
        assert again.outcome is Outcome.UNCHANGED
        assert again.purchase.etag == first.purchase.etag
    assert answer(again.purchase) == sent


def test_an_answer_with_payments_and_customers_sent_back_is_no_change(site: Site) -> None:
    company = make_customer(site, external_id="C-17")
    put(site, {**FULL, "customer_identifiers": {"sparklayer": "C-17"}, "payment_method": "on_account"})
    pay(site, "10")
    pay(site, "-20", id="t2")
    sent = get(site)
    assert sent["customer_identifiers"]["sparklayer"] == company.public_id

    again = put(site, sent)

    assert again.outcome is Outcome.UNCHANGED
    assert answer(again.purchase) == sent


def test_a_stale_source_date_is_warned_of_and_not_kept(site: Site) -> None:
    put(site, FULL)
    older = changed("dates.updated_at", "2026-03-01T09:00:00+00:00")

    for body in (older, {**older, "customer_reference": "PO 8"}):
        assert "stale-source-date" in [warning["code"] for warning in put(site, body).warnings]
        assert "stale-source-date" not in [warning["code"] for warning in stored(site).warnings]


# --- packages and lines keep their ids --------------------------------------------------------------------------------


def ids(site: Site) -> tuple[list[int], list[int]]:
    packages = Package.objects.for_site(site).order_by("position").values_list("pk", flat=True)
    lines = LineItem.objects.for_site(site).order_by("package__position", "position").values_list("pk", flat=True)
    return list(packages), list(lines)


MatchCase = tuple[list[dict[str, Any]], list[dict[str, Any]], list[int | None], list[int | None]]
A, B, C = line(sku="A"), line(sku="B"), line(sku="C")
OURS = "8f14e45f-ceea-467f-a83a-0e5cb3f7a8a1"


def with_ids(*lines: dict[str, Any], **identifiers: str) -> dict[str, Any]:
    return package(*lines, identifiers=identifiers)


MATCHES: dict[str, MatchCase] = {
    # before, after, then: which package and which line of before each one of after continues (None: a new one)
    "by position when nobody named them": ([package(A), package(B)], [package(A), package(B, C)], [0, 1], [0, 1, None]),
    "by position among those of a state": (
        [package(A), package(B, type="shipment")],
        [package(B, type="shipment"), package(A)],
        [1, 0],
        [1, 0],
    ),
    "a changed state is another package": ([package(A)], [package(A, type="shipment")], [None], [None]),
    "a line that moves gets a new id": (
        [package(A, B)],
        [package(A), package(B, type="shipment")],
        [0, None],
        [0, None],
    ),
    "by visible id, whatever the state": (
        [with_ids(A, visible="P1"), with_ids(B, visible="P2")],
        [with_ids(B, visible="P2"), {**with_ids(A, visible="P1"), "type": "shipment"}],
        [1, 0],
        [1, 0],
    ),
    "by platform id": ([with_ids(A, platform="P1")], [with_ids(A, platform="P1")], [0], [0]),
    "by internal before platform before visible": (
        [with_ids(A, internal="1"), with_ids(A, platform="1"), with_ids(A, visible="1")],
        [with_ids(A, internal="1", platform="2"), with_ids(A, platform="1", visible="2"), with_ids(A, visible="1")],
        [0, 1, 2],
        [0, 1, 2],
    ),
    "by sparklayer id first": (
        [with_ids(A, sparklayer_package_id=OURS), with_ids(B, visible="P1")],
        [with_ids(A, visible="P1"), with_ids(B, sparklayer_package_id=OURS)],
        [1, 0],
        [None, None],
    ),
    "not by position when one side has ids": ([package(A)], [with_ids(A, visible="P1")], [None], [None]),
    "not by position when the other side has": ([with_ids(A, visible="P1")], [package(A)], [None], [None]),
    "lines by identity": ([package(A, B)], [package(B, A)], [0], [1, 0]),
    "lines by identifiers when renamed": ([package(A, B)], [package({**B, "name_parent": "New"}, A)], [0], [1, 0]),
    "identity before identifiers": (
        [package({**A, "name_child": "red"}, {**A, "name_child": "blue"})],
        [package({**A, "name_child": "blue"}, {**A, "name_child": "green"})],
        [0],
        [1, 0],
    ),
    "equal lines by position": ([package(A, A)], [package(A, A, A)], [0], [0, 1, None]),
    "a line without identifiers by its name": (
        [package({**A, "identifiers": {}})],
        [package({**A, "identifiers": {}, "quantity": 9})],
        [0],
        [0],
    ),
    "a renamed line without identifiers is new": (
        [package({**A, "identifiers": {}})],
        [package({**A, "identifiers": {}, "name_parent": "Else"})],
        [0],
        [None],
    ),
}


@pytest.mark.parametrize("case", MATCHES.values(), ids=MATCHES.keys())
def test_a_match_keeps_our_ids(site: Site, case: MatchCase) -> None:
    before, after, packages, lines = case
    put(site, order(*before))
    old_packages, old_lines = ids(site)

    put(site, order(*after))

    new_packages, new_lines = ids(site)
    assert [old_packages.index(one) if one in old_packages else None for one in new_packages] == packages
    assert [old_lines.index(one) if one in old_lines else None for one in new_lines] == lines


@pytest.mark.parametrize("kind", ["sparklayer_package_id", "internal", "platform", "visible"])
def test_a_package_id_repeated_inside_one_body_is_refused(site: Site, kind: str) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        put(site, order(with_ids(A, **{kind: OURS}), with_ids(B, **{kind: OURS})))
    assert [fault.property for fault in refusal.value.faults] == [f"packages[1].identifiers.{kind}"]


def test_two_purchases_may_carry_the_same_package_id(site: Site) -> None:
    for name in ("A-1", "A-2"):
        put(site, order(with_ids(A, sparklayer_package_id=OURS, visible="P1")), name)
    assert Package.objects.for_site(site).count() == 2


def test_the_order_of_lines_is_kept(site: Site) -> None:
    put(site, order(package(C, A, B)))
    assert [item["identifiers"]["sku"] for item in get(site)["packages"][0]["line_items"]] == ["C", "A", "B"]
