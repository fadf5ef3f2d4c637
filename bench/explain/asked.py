"""What is asked: every filter, order and search of the API's lists, the back office's and My account's.

The API's parameters are those of its description and the back office's those of its lists, so that a new one is asked
by itself, or stops the command until it has a value here. Values come from the data: an order of long ago.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

_NUMBER_OR_DAY = re.compile(r"\d+$|\d{4}-\d\d-\d\d")
PAGING = frozenset({"limit", "offset", "cursor", "page", "page_size"})
LISTS = (
    "/api/v1/purchases",
    "/api/v1/orders",
    "/api/v1/purchase-transactions",
    "/api/v1/customers",
    "/api/v1/products",
    "/api/v1/variants",
    "/api/v1/customers/{id}/ledger",
    "/api/v1/customers/{id}/statement",
    "/api/v1/customers/{id}/open-lines",
    "/api/v2/price-lists",
)
"""Their files (CSV and PDF) read the same."""
WORDS = ("rope", "climbing rope", "zzzz")
"""To search for: what very many have, two words, and what nothing has."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Values that something old has: whoever looks for it gets no help from being near the newest."""

    customer: str
    internal: str
    platform: str
    visible: str
    spark: str
    reference: str
    sku: str
    company: str
    email: str
    external: str
    product: str
    slug: str
    title: str
    transaction: str

    def value_of(self, path: str, name: str) -> tuple[str, ...]:
        """What a parameter of a list is asked with. Raises KeyError for one that has no value here."""
        if name == "search":
            own = (self.reference, self.sku) if "orders" in path or "purchases" in path else (self.title, self.sku)
            return (*own, *WORDS) if "customers" not in path else (self.company, self.email, "zzzz")
        if name == "external_id":
            return (self.external if "customers" in path else self.internal if "orders" in path else self.slug,)
        if "[gte]" in name or name == "from":
            return ("2025-06-01",)
        if "[lte]" in name or name in ("to", "as_at"):
            return ("2025-06-30",)
        return _BY_NAME[name](self)


_BY_NAME: Mapping[str, Any] = {
    "customer_identifiers[sparklayer]": lambda s: (s.customer,),
    "customer_identifiers[sparklayer_child]": lambda s: (s.customer,),
    "customer_identifiers[sparklayer_impersonator]": lambda s: (s.customer,),
    "customer_id": lambda s: (s.customer,),
    "parent_customer_id": lambda s: (s.customer,),
    "purchase_identifiers[sparklayer]": lambda s: (s.spark,),
    "purchase_identifiers[internal]": lambda s: (s.internal,),
    "purchase_identifiers[platform]": lambda s: (s.platform,),
    "purchase_identifiers[visible]": lambda s: (s.visible,),
    "purchase_spark_id": lambda s: (s.spark,),
    "platform_id": lambda s: (s.transaction,),
    "visible_id": lambda s: (s.visible,),
    "customer_reference": lambda s: (s.reference,),
    "currency_code": lambda _: ("gbp", "chf"),
    "company_name": lambda s: (s.company,),
    "email": lambda s: (s.email,),
    "accounting_id": lambda s: (s.external,),
    "group": lambda _: ("default",),
    "product_id": lambda s: (s.product,),
    "sku": lambda s: (s.sku,),
    "slug": lambda s: (s.slug,),
    "title": lambda s: (s.title,),
    "source": lambda _: ("manual",),
    "ordering": lambda _: ("name", "-created_at"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, and how the page of documentation names it: without what is in the data."""

    address: str
    shown: str


def of_api(description: Mapping[str, Any], sample: Sample) -> Iterator[Asked]:
    """Each list as it is, then with each value of each parameter. Raises SystemExit for one without a value."""
    for path in LISTS:
        real = path.replace("{id}", sample.customer)
        needed = {"from": "2025-06-01", "to": "2025-06-30"} if path.endswith("statement") else {}
        yield _asked(real, path, needed)
        for parameter in description["paths"][path]["get"].get("parameters", ()):
            name = parameter["name"]
            if parameter["in"] != "query" or name in PAGING or name in needed:
                continue
            schema = parameter["schema"]
            flag = schema.get("type") == "boolean" or name == "apply_to_balance"
            values = ("true", "false") if flag else schema.get("enum") or schema.get("items", {}).get("enum")
            try:
                values = values or sample.value_of(path, name)
            except KeyError:
                raise SystemExit(f"bench.explain: {path} has a parameter {name} and no value to ask it with.") from None
            fixed = flag or "enum" in str(schema) or name in ("search", "currency_code")
            for value in values:
                yield _asked(real, path, needed | {name: value}, named=() if fixed else (name,), sample=sample)
    purchases = "/api/v1/purchases"
    for both in (
        {"customer_identifiers[sparklayer]": sample.customer, "type": "order"},
        {"customer_identifiers[sparklayer]": sample.customer, "calculated_payment_status": "paid"},
        {"customer_identifiers[sparklayer]": sample.customer, "search": "rope"},
        {"type": "order", "dates[last_updated][gte]": "2025-06-01"},
    ):
        yield _asked(purchases, purchases, both, named=[name for name in both if name[-1] == "]"], sample=sample)


def of_account(sample: Sample) -> Iterator[Asked]:
    """What the main user of a large company looks at."""
    orders = "/account/orders/"
    words = (sample.reference, sample.reference[:4], sample.sku, sample.visible, *WORDS)
    yield _asked(orders, orders, {})
    for text in words:
        yield _asked(orders, orders, {"search": text}, sample=sample)
    for query in (
        *({"type": kind} for kind in ("order", "order_unconfirmed", "awaiting_approval", "quote")),
        *(
            {"fulfilment": word}
            for word in ("processing", "partially_shipped", "shipped", "partially_returned", "returned", "cancelled")
        ),
        *({"payment": word} for word in ("unpaid", "partially_paid", "paid", "partially_refunded", "refunded")),
        {"outstanding": "on"},
        {"since": "2025-06-01", "until": "2025-06-30"},
        {"placed_by": sample.customer},
        *({"sort": name} for name in ("oldest", "number", "total")),
    ):
        yield _asked(orders, orders, query, named=("placed_by",))
    for address in ("to-come/", "to-come/?search=rope", "quotes/", "quotes/?show=all", "credit/", "users/"):
        yield Asked(f"/account/{address}", f"/account/{address}")
    for query in ({}, {"from": "2025-01-01", "to": "2025-12-31"}):
        yield _asked("/account/statement/", "/account/statement/", query)


def of_office(sample: Sample, lists: Mapping[str, Any]) -> Iterator[Asked]:
    """`lists`: by its address, what Django's admin makes of each list. Each filter's choices, each order, searches."""
    for address, changes in lists.items():
        yield Asked(address, address)
        for spec in changes.filter_specs:
            for choice in list(spec.choices(changes))[1:4]:
                query = choice.get("query_string", "")
                if query.strip("?"):
                    yield Asked(address + query, f"{address}?{_name_of(query)}")
        for column in _sortable(changes):
            for sign in ("", "-"):
                yield _asked(address, address, {"o": f"{sign}{column}"})
        if changes.search_fields:
            for text in (sample.reference, sample.company, *WORDS):
                yield _asked(address, address, {"q": text}, sample=sample)


def _sortable(changes: Any) -> dict[int, str]:
    return {
        number: ""
        for number, name in enumerate(changes.list_display)
        if changes.get_ordering_field(name) and (changes.sortable_by is None or name in changes.sortable_by)
    }


def _name_of(query: str) -> str:
    """A filter's words without the numbers of rows and today's dates."""
    pairs = [part.partition("=") for part in query.lstrip("?").split("&")]
    return "&".join(f"{name}={'…' if _NUMBER_OR_DAY.match(value) else value}" for name, _, value in pairs)


def _asked(real: str, path: str, query: Mapping[str, str], *, named: Any = (), sample: Sample | None = None) -> Asked:
    shown = [f"{name}={'…' if name in named else _said(value, sample)}" for name, value in query.items()]
    return Asked(f"{real}?{urlencode(query)}" if query else real, f"{path}?{'&'.join(shown)}" if query else path)


def _said(value: str, sample: Sample | None) -> str:
    """A value of the data by its kind."""
    if sample is None or value in WORDS:
        return value
    kinds = {
        sample.reference: "a PO number",
        sample.reference[:4]: "the beginning of many PO numbers",
        sample.sku: "a SKU",
        sample.visible: "an order number",
        sample.company: "a company",
        sample.email: "an e-mail",
        sample.title: "a title",
        sample.customer: "…",
    }
    return kinds.get(value, value)
