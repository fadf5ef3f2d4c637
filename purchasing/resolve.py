"""What a document refers to: the customers it names and the currency it is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.api.problems import property_path
from core.documents import Money
from core.errors import Fault, InvalidDocument
from core.ids import CUSTOMER, number_of, public_id
from core.site_settings import Settings, parse_settings
from purchasing import store
from purchasing.documents import CustomerIdentifiers, LineTotal, PurchaseDocument, RefundedMoney, TaxLine
from purchasing.store import NamedCustomer

ROLES = ("sparklayer", "sparklayer_impersonator", "sparklayer_child")


@dataclass(frozen=True, slots=True)
class Parties:
    """The customers of a purchase. The payer owes: the customer, else the child; never the agent."""

    customer: NamedCustomer | None
    impersonator: NamedCustomer | None
    child: NamedCustomer | None

    @property
    def payer(self) -> NamedCustomer | None:
        return self.customer or self.child

    @property
    def companies(self) -> list[str]:
        """What the customer and the child are called."""
        return [customer.company_name for customer in (self.customer, self.child) if customer]

    def identifiers(self) -> dict[str, str | None]:
        """As they are answered: `cu_` ids."""
        named = (self.customer, self.impersonator, self.child)
        return {
            role: public_id(CUSTOMER, customer.id) if customer else None
            for role, customer in zip(ROLES, named, strict=True)
        }


def customers_sought(body: CustomerIdentifiers) -> tuple[list[int], list[str]]:
    """The numbers and the external ids that the document names customers by."""
    numbers, external_ids = [], []
    for role in ROLES:
        value = getattr(body, role)
        number = number_of(CUSTOMER, value)
        if number is not None:
            numbers.append(number)
        elif value and not value.startswith(CUSTOMER):
            external_ids.append(value)
    return numbers, external_ids


class ReadContext(Protocol):
    """Answers the site's settings, and the customers that a document names or its purchase carries."""

    def __call__(
        self, *, site_id: int, named: CustomerIdentifiers, carried: Sequence[int]
    ) -> tuple[Settings, list[NamedCustomer]]: ...


def read_context(
    *, site_id: int, named: CustomerIdentifiers, carried: Sequence[int]
) -> tuple[Settings, list[NamedCustomer]]:
    """As they are stored, in one look-up."""
    numbers, external_ids = customers_sought(named)
    stored_settings, customers = store.read_context(
        site_id=site_id, customer_ids=[*numbers, *carried], external_ids=external_ids
    )
    return parse_settings(stored_settings), customers


def already_read(context: store.Context) -> ReadContext:
    """From what was read along with the purchase; asks only when it carries a customer that is not among it."""
    stored_settings, customers = context
    read = {customer.id for customer in customers}

    def answer(
        *, site_id: int, named: CustomerIdentifiers, carried: Sequence[int]
    ) -> tuple[Settings, list[NamedCustomer]]:
        if not read.issuperset(carried):
            return read_context(site_id=site_id, named=named, carried=carried)
        return parse_settings(stored_settings), customers

    return answer


def resolve(
    document: PurchaseDocument, found: list[NamedCustomer], carried: Sequence[int], settings: Settings
) -> tuple[Parties, str]:
    """The customers named and the purchase's currency: as sent, else that of its Money, else the customer's, else the
    site's default. A deleted customer is accepted only where the purchase already carries him (`carried`).

    Raises InvalidDocument with everything that does not fit: `resource-not-found` on each
    `customer_identifiers.<key>` that names nobody, `currency-mismatch` on every Money in another currency, `required`
    when nothing says which currency it is.
    """
    faults: list[Fault] = []
    parties = _parties(document.customer_identifiers, found, carried, faults)
    currency_code = _currency(document, parties, settings, faults)
    if faults:
        raise InvalidDocument(faults=faults)
    return parties, currency_code


def _parties(
    body: CustomerIdentifiers, found: list[NamedCustomer], carried: Sequence[int], faults: list[Fault]
) -> Parties:
    usable = [customer for customer in found if not customer.deleted or customer.id in carried]
    by_number = {customer.id: customer for customer in usable}
    # The external id of a deleted customer is free: whoever bears it now comes first.
    usable.sort(key=lambda customer: customer.deleted, reverse=True)
    by_external_id = {customer.external_id: customer for customer in usable}
    parties = []
    for role in ROLES:
        value = getattr(body, role)
        if value.startswith(CUSTOMER):
            customer = by_number.get(number_of(CUSTOMER, value) or 0)
        else:
            customer = by_external_id.get(value) if value else None
        if value and customer is None:
            faults.append(Fault("resource-not-found", f"customer_identifiers.{role}", f"customer {value} not found"))
        parties.append(customer)
    return Parties(*parties)


def _currency(document: PurchaseDocument, parties: Parties, settings: Settings, faults: list[Fault]) -> str:
    used = {money.currency for _path, money in _named_money(document)}
    if document.currency_code is None and not used:
        currency_code = (parties.payer and parties.payer.currency_code) or settings.default_currency or ""
        if not currency_code:
            faults.append(Fault("required", "currency_code", "is required: nothing else says the currency"))
        return currency_code
    currency_code = document.currency_code or min(used)
    if not used <= {currency_code}:
        faults.extend(
            Fault(
                "currency-mismatch",
                property_path((*path, "currency")),
                f"{money.currency} is not the purchase's {currency_code}",
            )
            for path, money in _named_money(document)
            if money.currency != currency_code
        )
    return currency_code


Path = tuple[int | str, ...]
_OF_TOTAL = ("total_net", "discount_net", "total_tax", "total_gross", "discount_gross")


def _money_of_total(path: Path, total: LineTotal | None) -> Iterator[tuple[Path, Money]]:
    if total is not None:
        for name in _OF_TOTAL:
            money = getattr(total, name)
            if money is not None:
                yield (*path, name), money


def _money_of_refund(path: Path, refund: RefundedMoney | None) -> Iterator[tuple[Path, Money]]:
    if refund is not None:
        if refund.net is not None:
            yield (*path, "net"), refund.net
        yield (*path, "gross"), refund.gross


def _money_of_taxes(path: Path, taxes: Sequence[TaxLine]) -> Iterator[tuple[Path, Money]]:
    for index, tax in enumerate(taxes):
        yield (*path, index, "amount"), tax.amount


def _named_money(document: PurchaseDocument) -> Iterator[tuple[Path, Money]]:
    """Every Money of the document, with where it stands."""
    if document.total_paid:
        yield ("total_paid",), document.total_paid
    yield from _money_of_taxes(("tax_lines",), document.tax_lines)
    for index, package in enumerate(document.packages):
        path: Path = ("packages", index)
        if package.shipping_method:
            yield from _money_of_total((*path, "shipping_method", "line_total"), package.shipping_method.line_total)
        yield from _money_of_refund((*path, "refund_shipping"), package.refund_shipping)
        for position, line in enumerate(package.line_items):
            line_path: Path = (*path, "line_items", position)
            yield from _money_of_total((*line_path, "line_total"), line.line_total)
            yield from _money_of_taxes((*line_path, "tax_lines"), line.tax_lines)
            yield from _money_of_refund((*line_path, "refund_total"), line.refund_total)
            if line.rrp:
                yield (*line_path, "rrp"), line.rrp
