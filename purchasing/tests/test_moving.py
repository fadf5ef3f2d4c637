"""Goods that move between the packages of a document: who is drawn from, what is left, and that nothing is lost."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Conflict, InvalidDocument, NotFound
from core.money import ZERO
from core.site_settings import UTC
from purchasing.compose import PackagePlan, compose, judge_packages
from purchasing.documents import read_document
from purchasing.freight import Amounts, Form, freight_of, number_in
from purchasing.moving import NamedItem, move
from purchasing.repacking import PricedItem, repack
from purchasing.status import PackageState
from purchasing.tests.bakers import line, money, order, package
from purchasing.tests.strategies import documents

OPEN, SHIPPED = PackageState.PROCESSING, PackageState.SHIPPED
SHIP = {"dates": {"created_at": "2026-04-01T00:00:00+00:00", "shipped_at": "2026-04-01T00:00:00+00:00"}}
CANCEL = {"dates": {"created_at": "2026-04-01T00:00:00+00:00", "cancelled_at": "2026-04-01T00:00:00+00:00"}}
RETURN = {
    "dates": {"created_at": "2026-04-01T00:00:00+00:00", "returned_at": "2026-04-01T00:00:00+00:00"},
    "refund_shipping": {"net": None, "gross": money("0")},
}


def stored(body: dict[str, Any], currency_code: str = "GBP") -> Form:
    """The document in its stored form, as compose makes it: packages and lines are numbered as they come."""
    document = read_document(body)
    numbers = count(1)
    plans = [
        PackagePlan(sent, state, next(numbers), UUID(int=next(numbers)), [next(numbers) for _ in sent.line_items])
        for sent, state in zip(document.packages, judge_packages(document.packages), strict=True)
    ]
    composed = compose(document=document, plans=plans, currency_code=currency_code, zone=UTC)
    return {"currency_code": currency_code, **composed.contents}


def restored(document: Form) -> Form:
    """The same after it was put: what was moved is numbered and figured out anew."""
    return stored(
        {**order(), "currency_code": document["currency_code"], "packages": document["packages"]},
        document["currency_code"],
    )


def sku(name: str, quantity: int, **members: Any) -> NamedItem:
    return NamedItem("", name, quantity, **members)


def quantities(document: Form) -> list[tuple[str, list[tuple[str, int]]]]:
    """The type of each package as its dates say, and what is in it."""
    packages = restored(document)["packages"]
    return [
        (place["type"], [(item["identifiers"].get("sku", ""), item["quantity"]) for item in place["line_items"]])
        for place in packages
    ]


# --- who is drawn from ------------------------------------------------------------------------------------------------


def test_the_oldest_package_is_drawn_from_first() -> None:
    document = stored(
        order(
            package(line(quantity=2), dates={"created_at": "2026-03-02T00:00:00Z"}),
            package(line(quantity=2), dates={"created_at": "2026-03-01T00:00:00Z"}),
            package(line(quantity=2)),
        )
    )
    moved = move(document, items=[sku("ROPE-60", 3)], source=OPEN, package=SHIP)
    assert quantities(moved) == [
        ("processing", [("ROPE-60", 2)]),
        ("processing", [("ROPE-60", 1)]),
        ("shipment", [("ROPE-60", 2), ("ROPE-60", 1)]),
    ]
    assert [item["quantity"] for item in moved["packages"][-1]["line_items"]] == [2, 1]


def test_an_emptied_package_disappears_and_leaves_its_files() -> None:
    file = {"identifiers": {"visible": "NOTE-1"}, "data": {"uri": "https://files.example/1.pdf"}}
    document = stored(order(package(line(quantity=2), accounting_files=[file])))
    moved = move(document, items=[sku("ROPE-60", 2)], source=OPEN, package=SHIP)
    assert quantities(moved) == [("shipment", [("ROPE-60", 2)])]
    assert [item["identifiers"]["visible"] for item in moved["packages"][0]["accounting_files"]] == ["NOTE-1"]


@pytest.mark.parametrize(
    ("item", "drawn"),
    [
        (NamedItem("pv_1", "", 1), "internal"),
        (NamedItem("pv_1", "B", 1), "internal"),
        (NamedItem("EXT-2", "A", 1), "external"),
        (NamedItem("unknown", "C", 1), "sku"),
        (NamedItem("", "C", 1), "sku"),
        (NamedItem("pv_1", "C", 1, line="orp_5"), "sku"),
    ],
)
def test_items_match_by_variant_id_then_external_id_then_sku(item: NamedItem, drawn: str) -> None:
    document = stored(
        order(
            package(
                line(identifiers={"variant_id": "pv_1", "sku": "A"}, name_parent="internal"),
                line(identifiers={"external_id": "EXT-2", "sku": "B"}, name_parent="external"),
                line(identifiers={"sku": "C"}, name_parent="sku"),
            )
        )
    )
    moved = move(document, items=[item], source=OPEN, package=SHIP)
    assert [goods["name_parent"] for goods in moved["packages"][-1]["line_items"]] == [drawn]


MIXED = order(
    package(line(quantity=2, sku="A"), line(quantity=3, sku="B")),
    package(line(quantity=4, sku="B"), line(quantity=1, sku="C"), type="shipment"),
    package(line(quantity=5, sku="D"), type="cancelled"),
)


@pytest.mark.parametrize(
    ("source", "items", "faults"),
    [
        (OPEN, [sku("A", 3)], [("not-enough", "items[0].quantity", "2 of A are open, not 3.")]),
        (OPEN, [sku("A", 1), sku("A", 2)], [("not-enough", "items[1].quantity", "1 of A is open, not 2.")]),
        (OPEN, [sku("C", 1)], [("not-enough", "items[0].quantity", "0 of C are open, not 1.")]),
        (OPEN, [sku("D", 1)], [("not-enough", "items[0].quantity", "0 of D are open, not 1.")]),
        (SHIPPED, [sku("A", 1)], [("not-enough", "items[0].quantity", "0 of A are shipped, not 1.")]),
        (SHIPPED, [sku("B", 5)], [("not-enough", "items[0].quantity", "4 of B are shipped, not 5.")]),
        (OPEN, [sku("X", 1)], [("resource-not-found", "items[0].sku", "X is not in this order.")]),
        (
            OPEN,
            [sku("B", 9), sku("A", 2), NamedItem("v", "", 1), sku("B", 4)],
            [
                ("not-enough", "items[0].quantity", "3 of B are open, not 9."),
                ("resource-not-found", "items[2].variant_id", "v is not in this order."),
                ("not-enough", "items[3].quantity", "3 of B are open, not 4."),
            ],
        ),
    ],
)
def test_what_is_not_there_is_named_with_what_remains(
    source: PackageState, items: list[NamedItem], faults: list[tuple[str, str, str]]
) -> None:
    document = stored(MIXED)
    before = stored(MIXED)
    with pytest.raises(InvalidDocument) as refusal:
        move(document, items=items, source=source, package=SHIP)
    assert [(fault.code, fault.property, fault.message) for fault in refusal.value.faults] == faults
    assert document == before


# --- what the parts are worth -----------------------------------------------------------------------------------------


def test_a_split_divides_by_largest_remainder() -> None:
    total = {"discount_net": money("1.000"), "total_tax": money("2.01"), "tax_rate": 20}
    taxes = [{"title": "VAT", "amount": money("2.01"), "rate": 20}]
    document = stored(order(package(line("10.0001", quantity=3, total=total, tax_lines=taxes))))
    moved = move(document, items=[sku("ROPE-60", 1)], source=OPEN, package=SHIP)
    [kept], [gone] = (place["line_items"] for place in moved["packages"])

    def amounts(of: Form) -> list[str]:
        names = ("total_net", "discount_net", "total_tax", "total_gross")
        return [of["line_total"][name]["number"] for name in names] + [of["tax_lines"][0]["amount"]["number"]]

    assert amounts(gone) == ["3.3334", "0.33", "0.67", "4.00", "0.67"]
    assert amounts(kept) == ["6.6667", "0.67", "1.34", "8.01", "1.34"]
    assert gone["line_total"]["tax_rate"] == kept["line_total"]["tax_rate"] == 20


def test_a_line_that_moves_whole_stays_as_it_was() -> None:
    document = stored(order(package(line("10.005", quantity=3, total={"tax_rate": 20}))))
    moved = move(document, items=[sku("ROPE-60", 3)], source=OPEN, package=SHIP)
    assert moved["packages"][0]["line_items"] == [
        {name: value for name, value in document["packages"][0]["line_items"][0].items() if name != "id"}
    ]


# --- freight ----------------------------------------------------------------------------------------------------------

TWO = order(package(line(quantity=1, sku="A"), shipping="5"), package(line(quantity=2, sku="B"), shipping="7"))


def freights(document: Form) -> list[tuple[str, str]]:
    """Each package's first SKU and the gross of its shipping."""
    return [
        (place["line_items"][0]["identifiers"]["sku"], f"{freight_of(place).gross:f}") for place in document["packages"]
    ]


@pytest.mark.parametrize(
    ("items", "freight", "expected"),
    [
        ([sku("B", 1)], None, [("A", "5.00"), ("B", "7.00"), ("B", "0")]),
        ([sku("B", 2)], None, [("A", "12.00"), ("B", "0")]),
        ([sku("A", 1), sku("B", 2)], None, [("A", "12.00")]),
        ([sku("B", 1)], "3", [("A", "5.00"), ("B", "4.00"), ("B", "3")]),
        ([sku("B", 1)], "9", [("A", "5.00"), ("B", "0.00"), ("B", "9")]),
        ([sku("A", 1), sku("B", 1)], "6", [("B", "6.00"), ("A", "6")]),
        ([sku("B", 2)], "3", [("A", "9.00"), ("B", "3")]),
        ([sku("A", 1), sku("B", 2)], "4", [("A", "12.00")]),
        ([sku("A", 1), sku("B", 2)], "20", [("A", "20")]),
    ],
)
def test_freight_goes_with_the_goods_only_when_named(
    items: list[NamedItem], freight: str | None, expected: list[tuple[str, str]]
) -> None:
    amounts = Amounts(Decimal(freight), Decimal(freight)) if freight else None
    moved = move(stored(TWO), items=items, source=OPEN, package=SHIP, freight=amounts)
    assert freights(moved) == expected


def test_freight_of_cancelled_goods_is_cancelled_when_nothing_is_left() -> None:
    document = stored(order(package(line(quantity=1), shipping="5")))
    moved = move(document, items=[sku("ROPE-60", 1)], source=OPEN, package=CANCEL)
    assert freights(moved) == [("ROPE-60", "5.00")]


def test_freight_that_comes_to_a_returned_package_is_not_credited() -> None:
    returned = package(line(sku="B"), type="refund", shipping="4")
    document = stored(order(returned, package(line(sku="A"), shipping="5")))
    moved = move(document, items=[sku("A", 1)], source=OPEN, package=CANCEL)
    assert freights(moved) == [("B", "9.00"), ("A", "0")]
    assert moved["packages"][0]["refund_shipping"] == {"net": None, "gross": money("4.00")}


def test_a_returned_package_keeps_what_is_known_of_the_parcel() -> None:
    address = {"address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}
    sent = package(
        line(quantity=2), type="shipment", shipments=[{"carrier": "DPD"}], shipping_address=address, shipping="5"
    )
    moved = move(stored(order(sent)), items=[sku("ROPE-60", 1)], source=SHIPPED, package=RETURN)
    kept, back = restored(moved)["packages"]
    assert (back["type"], back["dates"]["shipped_at"]) == ("refund", kept["dates"]["shipped_at"])
    assert (back["shipments"], back["shipping_address"]) == (kept["shipments"], kept["shipping_address"])
    assert back["refund_shipping"]["gross"]["number"] == "0.00"


def test_a_refund_is_divided_over_the_lines_it_is_for() -> None:
    document = stored(order(package(line(quantity=1), type="shipment"), package(line(quantity=2), type="shipment")))
    refund = Amounts(Decimal("5"), Decimal("10.00"))
    moved = move(document, items=[sku("ROPE-60", 3, refund=refund)], source=SHIPPED, package=RETURN)
    refunds = [item["refund_total"] for item in moved["packages"][-1]["line_items"]]
    assert [one["gross"]["number"] for one in refunds] == ["3.33", "6.67"]
    assert [one["net"]["number"] for one in refunds] == ["2", "3"]


# --- nothing is lost --------------------------------------------------------------------------------------------------


def sums(document: Form, *, states: tuple[str, ...] | None = None) -> dict[str, Decimal]:
    """What all packages hold together: units, money of lines, shipping."""
    found: dict[str, Decimal] = {}

    def add(name: str, amount: Decimal) -> None:
        found[name] = found.get(name, ZERO) + amount

    for place in document["packages"]:
        add("freight net", freight_of(place).net)
        add("freight gross", freight_of(place).gross)
        for item in place["line_items"]:
            add("units", Decimal(item["quantity"]))
            add("gross", number_in(item["line_total"]["calculated_gross"]))
            for name in ("total_net", "discount_net", "total_tax"):
                add(name, number_in(item["line_total"].get(name)))
            add("tax lines", sum((number_in(tax["amount"]) for tax in item["tax_lines"]), ZERO))
    return found


def ids_of(document: Form) -> dict[str, list[str]]:
    return {
        place["id"]: [item["id"] for item in place["line_items"] if "id" in item]
        for place in document["packages"]
        if "id" in place
    }


@settings(max_examples=200, deadline=None, derandomize=True)
@given(data=st.data())
def test_no_move_changes_the_sum_of_its_parts(data: st.DataObject) -> None:
    body = data.draw(documents(types=("order",)))
    document = stored(body, body["currency_code"].upper())
    expected = sums(document)
    for _ in range(3):
        source = data.draw(st.sampled_from([OPEN, SHIPPED]))
        word = {OPEN: "processing", SHIPPED: "shipment"}[source]
        there = [item for place in document["packages"] if place["type"] == word for item in place["line_items"]]
        there = [item for item in there if item["quantity"]]
        if not there:
            continue
        chosen = data.draw(st.lists(st.sampled_from(there), min_size=1, max_size=4, unique_by=lambda item: item["id"]))
        items = [NamedItem("", "", data.draw(st.integers(1, item["quantity"])), line=item["id"]) for item in chosen]
        stamp = data.draw(st.sampled_from([SHIP, CANCEL])) if source is OPEN else RETURN
        stamp = {**stamp, "refund_shipping": stamp.get("refund_shipping") and {"net": None, "gross": None}}
        if stamp["refund_shipping"]:
            stamp["refund_shipping"] = {"gross": money("0", document["currency_code"])}
        before = ids_of(document)
        moved = move(document, items=items, source=source, package=stamp)
        assert sums(moved) == expected
        after = ids_of(moved)
        assert all(set(lines) <= set(before[number]) for number, lines in after.items())
        gone = {
            item.line for item in items if item.quantity == next(i["quantity"] for i in there if i["id"] == item.line)
        }
        assert {name for lines in before.values() for name in lines} - {
            name for lines in after.values() for name in lines
        } == gone
        document = restored(moved)
        assert sums(document) == expected


# --- repacking --------------------------------------------------------------------------------------------------------


def priced(name: str, quantity: int, net: str, gross: str) -> PricedItem:
    return PricedItem(sku(name, quantity), "", Amounts(Decimal(net), Decimal(gross)))


def test_repacking_takes_what_is_named_adds_what_is_new_and_drops_the_rest() -> None:
    document = stored(order(package(line("10", sku="A", quantity=2), line("5", sku="B"), shipping="3")))
    items = [priced("C", 1, "7", "8.40"), priced("A", 3, "15", "18")]
    [place] = repack(document, package="orp_1", items=items, freight=None)["packages"]
    assert [(item.get("id"), item["quantity"], item["name_parent"]) for item in place["line_items"]] == [
        (None, 1, "C"),
        ("orp_3", 3, "Item A"),
    ]
    assert [item["line_total"]["total_gross"]["number"] for item in place["line_items"]] == ["8.40", "18"]
    assert freight_of(place).gross == 3


def test_repacking_with_the_same_changes_nothing() -> None:
    document = stored(order(package(line("10", sku="A", quantity=2, total={"tax_rate": 20}), shipping="3")))
    again = repack(
        document, package="orp_1", items=[priced("A", 2, "10", "12")], freight=Amounts(Decimal(3), Decimal(3))
    )
    assert again == document


def test_equal_lines_are_taken_one_by_one() -> None:
    document = stored(order(package(line("1", sku="A"), line("2", sku="A"))))
    items = [priced("A", 1, "2", "2"), priced("A", 1, "3", "3"), priced("A", 1, "4", "4")]
    [place] = repack(document, package="orp_1", items=items, freight=Amounts(ZERO, ZERO))["packages"]
    assert [item.get("id") for item in place["line_items"]] == ["orp_3", "orp_4", None]


@pytest.mark.parametrize("name", ["orp_1", "00000000-0000-0000-0000-000000000002", "PKG"])
def test_a_package_has_three_names(name: str) -> None:
    document = stored(order(package(line(), identifiers={"internal": "PKG"})))
    changed = repack(document, package=name, items=[priced("ROPE-60", 5, "1", "1")], freight=None)
    assert changed["packages"][0]["line_items"][0]["quantity"] == 5


@pytest.mark.parametrize("name", ["orp_9", "orp_x", "00000000-0000-0000-0000-000000000009", "", "pkg"])
def test_an_unknown_package_is_not_found(name: str) -> None:
    document = stored(order(package(line(), identifiers={"internal": "PKG"}), package(line())))
    with pytest.raises(NotFound):
        repack(document, package=name, items=[priced("ROPE-60", 5, "1", "1")], freight=None)


def test_a_cancelled_package_stays_as_it_is() -> None:
    document = stored(order(package(line(), type="cancelled")))
    with pytest.raises(Conflict) as refusal:
        repack(document, package="orp_1", items=[priced("ROPE-60", 5, "1", "1")], freight=None)
    assert refusal.value.title == "package-is-cancelled"
