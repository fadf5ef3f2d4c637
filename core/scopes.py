"""The scopes an API client can hold and what each gives (`docs/api.md`, scopes)."""

from __future__ import annotations

from collections.abc import Iterable

SCOPES: dict[str, str] = {
    "customers.read": "Read customers and addresses",
    "customers": "Read and write customers and addresses",
    "orders.read": "Read purchases, transactions and orders",
    "orders": "Read and write purchases, transactions and orders",
    "products.read": "Read products and variants",
    "products": "Read and write products and variants",
    "products.pricing.read": "Read prices",
    "products.pricing": "Read and write prices",
    "products.stock.read": "Read stock levels",
    "products.stock": "Read and write stock levels",
    "setup.read": "Read set-up data",
    "setup": "Read and write set-up data",
}

WRITE_SCOPES: tuple[str, ...] = tuple(scope for scope in SCOPES if not scope.endswith(".read"))
"""All of them together allow everything the API can do."""

PERSON_SCOPES: tuple[str, ...] = ("orders.read", "customers.read", "products.read")
"""What a customer's own token holds; what it reaches with them, each view says in `person_methods`."""


def read_scope(scope: str) -> str:
    """The scope that gives reading of what `scope` gives: `orders` → `orders.read`."""
    return scope if scope.endswith(".read") else f"{scope}.read"


def narrowed(asked: Iterable[str], held: Iterable[str]) -> list[str]:
    """Which of the scopes asked for a holder of `held` has, in the order asked.

    A write scope includes its read scope, so `orders.read` can be asked for by a holder of `orders`. Never more.
    """
    holds = set(held)
    holds |= {read_scope(scope) for scope in holds}
    return [scope for scope in dict.fromkeys(asked) if scope in holds]
