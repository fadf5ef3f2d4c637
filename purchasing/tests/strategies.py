"""Documents of purchases as any honest sender might write them, for Hypothesis."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

CURRENCIES = ("GBP", "JPY", "KWD")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
WORDS = st.sampled_from(["ROPE-60", "CHALK", "seil", "Größe 42", "靴", "x y"])
INSTANTS = st.sampled_from(
    [
        "2026-03-02T09:00:00+00:00",
        "2026-03-02T10:00:00+01:00",
        "2026-03-02T09:00:00Z",
        "2026-03-02T09:00:00.123456Z",
        "2026-03-29 01:30",
        "1999-12-31T23:59:59-11:00",
        None,
    ]
)


def amounts(lowest: int = 0) -> st.SearchStrategy[Any]:
    """Strings with up to 6 decimals, and JSON numbers."""
    strings = st.decimals(lowest, 10_000, places=6).map(lambda number: f"{number:f}")
    short = st.sampled_from(["10", "10.0", "10.00", "+7", ".5", "007.10"])
    numbers = st.integers(lowest, 10_000) | st.sampled_from([0.1, 10.0, 19.99, 1e3])
    return strings | short | numbers


def optional(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with some of these members; a member may also be null."""
    return st.fixed_dictionaries({}, optional={name: value | st.none() for name, value in members.items()})


def moneys(currency: str, lowest: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    codes = st.sampled_from([currency, currency.lower()])
    return st.fixed_dictionaries({"number": amounts(lowest), "currency": codes})


def line_totals(currency: str) -> st.SearchStrategy[dict[str, Any]]:
    rates = st.sampled_from([0, 5.5, 20, "20.0", 17.5, 19, "8.875"])
    others = optional(
        discount_net=moneys(currency), tax_rate=rates, total_tax=moneys(currency), total_gross=moneys(currency)
    )
    return st.tuples(moneys(currency), others).map(lambda parts: {"total_net": parts[0], **parts[1]})


def lines(currency: str) -> st.SearchStrategy[dict[str, Any]]:
    attributes = st.lists(st.fixed_dictionaries({"key": WORDS, "value": TEXT}), max_size=2)
    required = st.fixed_dictionaries(
        {
            "identifiers": st.dictionaries(st.sampled_from(["sku", "variant_id", "ean"]), WORDS, max_size=3),
            "name_parent": WORDS,
            "quantity": st.integers(0, 50) | st.just(4.0),
            "line_total": line_totals(currency),
        }
    )
    others = optional(
        name_child=TEXT,
        custom_attributes=attributes,
        tax_lines=st.lists(
            optional(title=TEXT).flatmap(lambda tax: moneys(currency).map(lambda one: {**tax, "amount": one})),
            max_size=2,
        ),
        refund_total=st.fixed_dictionaries({"gross": moneys(currency)}),
        barcode=TEXT,
        product_slug=TEXT,
        image_url=st.just("https://example.com/rope.png"),
        rrp=moneys(currency),
    )
    return st.tuples(required, others).map(lambda parts: {**parts[0], **parts[1]})


def addresses() -> st.SearchStrategy[dict[str, Any]]:
    required = {"address_line1": TEXT, "city": TEXT, "country_code": st.sampled_from(["GB", "gb", "DEU"])}
    others = optional(name=TEXT, company=TEXT, address_line2=TEXT, first_name=TEXT, last_name=TEXT, phone=TEXT)
    return st.tuples(st.fixed_dictionaries(required), others).map(lambda parts: {**parts[0], **parts[1]})


def packages(currency: str) -> st.SearchStrategy[dict[str, Any]]:
    """Packages in every state, with and without ids of their sender."""

    def dated(sent: dict[str, Any], type: str, created: str | None, dated: bool) -> dict[str, Any]:
        date = {"shipment": "shipped_at", "refund": "refunded_at", "cancelled": "cancelled_at"}.get(type)
        dates = {"created_at": created, **({date: "2026-03-03T09:00:00Z"} if date and dated else {})}
        return {**sent, "type": type, "dates": dates}

    members = optional(
        line_items=st.lists(lines(currency), max_size=4),
        shipping_method=optional(name=TEXT, sku=TEXT, line_total=line_totals(currency)),
        shipping_address=addresses(),
        shipments=st.lists(optional(carrier=TEXT, tracking_number=TEXT, carrier_id=TEXT), max_size=2),
        refund_shipping=st.fixed_dictionaries({"gross": moneys(currency)}),
        accounting_files=st.lists(
            st.just({"identifiers": {"visible": "INV-1"}, "data": {"url": "https://example.com/1.pdf"}}), max_size=1
        ),
    )
    types = st.sampled_from(["", "processing", "incoming", "shipment", "refund", "cancelled"])
    return st.builds(dated, members, types, INSTANTS, st.booleans())


@st.composite
def documents(
    draw: st.DrawFn, *, types: tuple[str, ...] = ("order", "order_unconfirmed", "quote", "cart")
) -> dict[str, Any]:
    """A whole body of a PUT, without the customers it names."""
    currency = draw(st.sampled_from(CURRENCIES))
    parcels = draw(st.lists(packages(currency), max_size=4))
    for parcel, spark_id, visible in zip(
        parcels,
        draw(st.lists(st.uuids() | st.none(), min_size=4, max_size=4, unique_by=lambda one: one or object())),
        draw(st.permutations(["P-1", "P-2", "", None])),
        strict=False,
    ):
        parcel["identifiers"] = {"sparklayer_package_id": _text(spark_id), "visible": visible}
    named = st.lists(st.fixed_dictionaries({"name": WORDS, "value": TEXT | st.none()}), max_size=2)
    members = draw(
        optional(
            payment_method=st.sampled_from(["", "on_account", "Invoice", "card"]),
            customer_reference=TEXT,
            billing_address=addresses(),
            custom_fields=named,
            metadata=named,
            total_paid=moneys(currency),
            quote_status=st.sampled_from(["draft", "sent", "accepted"]),
            quote_expires_at=INSTANTS,
            calculated_total=st.just({"number": "1", "currency": "XXX"}),
            warnings=st.just([]),
        )
    )
    return {
        **members,
        "type": draw(st.sampled_from(types)),
        "currency_code": draw(st.sampled_from([currency, currency.lower()])),
        "customer_identifiers": {},
        "dates": draw(optional(created_at=INSTANTS, placed_at=INSTANTS, updated_at=INSTANTS)),
        "packages": parcels,
    }


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def shuffled(value: Any) -> Any:
    """The same JSON with the members of every object in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [shuffled(item) for item in value]
    return value
