"""Calls that write many things at once, as any sender might make them: items that depend on each other, some faulty."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from purchasing.tests.bakers import line, on_account, order, package

SPARK_IDS = ("63428136-658f-48a6-beb7-7f333dfd9686", "019a1b2c-0000-7000-8000-000000000001")
CUSTOMERS = ("head", "CHILD", "summit", "nobody", "")
"""External ids; `nobody` is not known."""
FAULTY: tuple[Any, ...] = (None, 7, "text", [], {}, {"type": "order", "packages": 3}, order(purchase_identifiers={}))


def identifiers() -> st.SearchStrategy[dict[str, Any]]:
    """Few of each kind, so that they meet; null takes one away, `""` says nothing."""
    few = st.sampled_from(["1", "2", "", None])
    return st.fixed_dictionaries(
        {},
        optional={
            "platform": few.map(lambda value: value and f"P-{value}"),
            "internal": few.map(lambda value: value and f"I-{value}"),
            "visible": few.map(lambda value: value and f"V-{value}"),
            "sparklayer": st.sampled_from([*SPARK_IDS, "", "", "", None]),
        },
    )


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A document of one line, small so that equal ones are drawn."""
    currency = draw(st.sampled_from(["GBP", "GBP", "GBP", "EUR"]))
    net = draw(st.sampled_from(["10", "10", "20", "-5"]))
    make = draw(st.sampled_from([order, on_account]))
    customer = draw(st.sampled_from(CUSTOMERS))
    state = draw(st.sampled_from(["", "shipment", "cancelled"]))
    return make(
        package(line(net, currency=currency), type=state),
        customer=customer or None,
        type=draw(st.sampled_from(["order", "order", "order", "quote", "order_unconfirmed"])),
        purchase_identifiers=draw(identifiers()),
    )


def purchase_calls(*, most: int = 8) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.one_of(bodies(), bodies(), bodies(), st.sampled_from(FAULTY)), max_size=most)


def transactions() -> st.SearchStrategy[dict[str, Any]]:
    """Of two purchases that stand and one that does not."""
    return st.fixed_dictionaries(
        {
            "purchase_spark_id": st.sampled_from([*SPARK_IDS, SPARK_IDS[0].upper(), SPARK_IDS[0].replace("6", "7")]),
            "platform_id": st.sampled_from(["t1", "t2", "t3"]),
            "total": st.sampled_from(["10", "10.00", "25", "-10", "0"]),
            "currency_code": st.sampled_from(["GBP", "GBP", "GBP", "EUR"]),
            "apply_to_balance": st.sampled_from([True, True, True, False, "yes"]),
        },
        optional={"full_transaction": st.sampled_from(["{}", "", None])},
    )


def transaction_calls(*, most: int = 12) -> st.SearchStrategy[list[Any]]:
    return st.lists(
        st.one_of(transactions(), transactions(), transactions(), st.sampled_from([None, 7, "text", {}])), max_size=most
    )
