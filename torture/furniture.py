"""A site with one of everything, under names with a prefix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from torture.calling import Caller
from torture.documents import PURCHASES, payment, written

Pairs = list[tuple[str, str]]
"""A name that is there, and one of the same form that never is."""
NOBODY_S = "nobody-s-"


@dataclass(frozen=True, slots=True)
class Names:
    """How everything of a site may be named, by kind."""

    customer: Pairs
    address: Pairs
    order: Pairs
    package: Pairs
    purchase: dict[str, Pairs]
    transaction: Pairs
    product: Pairs
    variant: Pairs
    sku: Pairs
    location: Pairs
    group: Pairs
    price_list: Pairs
    method: Pairs

    def of(self, path: str, parameter: str) -> Pairs:
        """What an address of the API may be given for a parameter in its path."""
        plain = {"order_id": self.order, "package_id": self.package, "transaction_id": self.transaction}
        plain |= {"sku": self.sku, "id2": self.address, "number": [("1", "99")]}
        by_path = {
            "/api/v1/customers": self.customer,
            "/api/v1/products": self.product,
            "/api/v1/variants": self.variant,
            "/api/v1/stock-locations": self.location,
            "/api/v1/shipping-methods": self.method,
            "/api/v1/customer-groups": self.group,
            "/api/v1/price-lists": self.price_list,
        }
        if parameter in plain:
            return plain[parameter]
        return next(pairs for prefix, pairs in by_path.items() if path.startswith(prefix))

    def all(self) -> Pairs:
        kinds = (self.customer, self.address, self.order, self.package, self.transaction, self.product, self.variant)
        more = (self.sku, self.location, self.group, self.price_list, self.method, *self.purchase.values())
        return [pair for pairs in (*kinds, *more) for pair in pairs]


def furnish(caller: Caller, prefix: str) -> Names:
    """Names of nobody have the prefix too: another drive may have made something of those it took.

    Raises SystemExit when something is refused.
    """
    none, no_uuid = f"{NOBODY_S}{prefix}", str(uuid5(NAMESPACE_URL, prefix))

    def done(method: str, path: str, body: Any) -> Any:
        answer = caller.call(method, path, body)
        if not 200 <= answer.status < 300:
            raise SystemExit(f"torture: {method} {path} was answered {answer.status} {answer.body!r}")
        return answer.document if answer.body else None

    def names(end: str, made: str, no_id: str) -> Pairs:
        return [(made, no_id), (f"{prefix}{end}", f"{none}{end}")]

    person = {"first_name": prefix, "last_name": "Secret", "email": f"{prefix}head@example.com"}
    customer = done("POST", "/api/v1/customers", person | {"external_id": f"{prefix}head"})
    place = {"address_line1": f"{prefix}quay", "city": "Bristol", "country_code": "GB", "external_id": f"{prefix}dock"}
    address = done("POST", f"/api/v1/customers/{customer['id']}/addresses", place)
    ids = {kind: f"{prefix}{kind}" for kind in ("platform", "internal", "visible")}
    body = written(f"{prefix}sku", customer=customer["id"]) | {"purchase_identifiers": ids}
    purchase = done("PUT", f"{PURCHASES}/internal/{prefix}internal", body)
    paid = done("PUT", f"{PURCHASES}/internal/{prefix}internal/transactions", payment(f"{prefix}pay"))
    location = done("POST", "/api/v1/stock-locations", {"name": f"{prefix}quay", "external_id": f"{prefix}quay"})
    done("POST", "/api/v1/customer-groups", {"slug": f"{prefix}group", "name": f"{prefix}group"})
    variant = {"sku": f"{prefix}sku", "external_id": f"{prefix}rope-1", "status": "live"}
    variant["stock"] = [{"stock_location_id": f"{prefix}quay", "stock_level": 9}]  # type: ignore[assignment]
    rope = {"title": f"{prefix}rope", "slug": f"{prefix}rope", "external_id": f"{prefix}ropes", "variants": [variant]}
    product = done("POST", "/api/v1/products", rope)
    done("POST", "/api/v1/price-lists", {"slug": f"{prefix}list", "name": f"{prefix}list", "currency_code": "gbp"})
    prices = [{"price_list_slug": f"{prefix}list", "pricing": [{"price": 90}]}]
    done("PATCH", f"/api/v1/pricing/{prefix}sku", prices)
    van = {"sku": f"{prefix}van", "title": f"{prefix}van", "countries": ["GB"], "bands": [{"cost": {"type": "free"}}]}
    method = done("POST", "/api/v1/shipping-methods", van)
    return Names(
        customer=names("head", customer["id"], "cu_99999999"),
        address=names("dock", address["id"], "ca_99999999"),
        order=[(purchase["id"], "o_99999999")],
        package=[(purchase["packages"][0]["id"], "orp_99999999")],
        purchase={
            "sparklayer": [(purchase["purchase_identifiers"]["sparklayer"], no_uuid)],
            **{kind: [(f"{prefix}{kind}", f"{none}{kind}")] for kind in ids},
        },
        transaction=[(paid["id"], no_uuid)],
        product=names("ropes", product["id"], "pp_99999999"),
        variant=names("rope-1", product["variants"][0]["id"], "pv_99999999"),
        sku=[(f"{prefix}sku", f"{none}sku")],
        location=names("quay", location["id"], "sl_99999999"),
        group=[(f"{prefix}group", f"{none}group")],
        price_list=[(f"{prefix}list", f"{none}list")],
        method=names("van", method["id"], "sm_99999999"),
    )
