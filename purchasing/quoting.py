"""Making a quote for a customer: prices proposed from his lists, and the purchase that is born of it.

Rules of tax: as of every line that is made here (`docs/money.md`). The purchase is put as any other is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from catalog.models import ProductVariant
from core.actors import Actor
from core.errors import Conflict, Fault, InvalidDocument
from core.models import Site
from core.money import ZERO, money_text
from core.retries import in_transaction
from core.site_settings import settings_of
from customers.models import Address, Customer
from pricing.arithmetic import line_total
from pricing.choose import CustomerPrice, Item, prices_for_customer
from purchasing.documents import PurchaseAddress, read_document
from purchasing.models import PurchaseRevision
from purchasing.operations import create_purchase
from purchasing.revisions import document_of

Form = dict[str, Any]


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """What is offered. `unit_net`: of one piece; None: the customer's price. An empty `name`: the product's."""

    sku: str
    quantity: int
    unit_net: Decimal | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """The quote's number, and whether this call made it."""

    number: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a line says and costs when nothing else is said. `unit_net`: None where no list has a price for it."""

    name: str
    name_child: str
    options: list[tuple[str, str]]
    unit_net: Decimal | None
    tax_rate: Decimal | None


def word_of(header: Mapping[str, Any], *, now: datetime) -> str:
    """How a quote stands: its `quote_status`, and `expired` also when it was sent and its time has passed."""
    word, expires_at = header["quote_status"] or "", header["quote_expires_at"]
    return "expired" if word == "sent" and expires_at and datetime.fromisoformat(expires_at) < now else word


def propose(*, customer: Customer, currency_code: str, lines: Sequence[QuoteLine]) -> list[Proposal]:
    """Of each line, in their order: the customer's price in this currency, tax, and what the catalogue calls it."""
    site = customer.site
    variants = _variants(site, {line.sku for line in lines})
    found = prices_for_customer(site=site, customer=customer, items=[Item(line.sku, line.quantity) for line in lines])
    settings, payer = settings_of(site), Customer.objects.for_site(site).account_of(customer)
    proposals = []
    for line, price in zip(lines, found, strict=True):
        variant = variants.get(line.sku)
        options = [(each.group, each.value) for each in variant.options.all()] if variant else []
        proposals.append(
            Proposal(
                name=variant.product.title if variant else line.sku,
                name_child=" / ".join(value for _, value in options),
                options=options,
                unit_net=_price_in(price, currency_code),
                tax_rate=ZERO if payer.tax_exempt else _rate_of(price, default=settings.default_tax_rate),
            )
        )
    return proposals


def make_quote(
    *,
    spark_id: UUID,
    customer: Customer,
    currency_code: str,
    lines: Sequence[QuoteLine],
    customer_reference: str = "",
    expires_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> Made:
    """A draft for the customer, of one package to his default address.

    A purchase that has or had this `spark_id` is never made again: the same once more answers which it is. Who buys for
    a company is its `sparklayer_child`. Raises Conflict `quote-made` (with its `number`) when it was made with other
    content; InvalidDocument: `no-price` on `lines[i].unit_net` where neither a price is given nor a list has one,
    `past` on `quote_expires_at`, and what a PUT raises.
    """
    site = customer.site

    def work() -> Made:
        proposals = propose(customer=customer, currency_code=currency_code, lines=lines)
        _check(lines, proposals, expires_at=expires_at, now=now)
        payer = Customer.objects.for_site(site).account_of(customer)
        document = {
            "type": "quote",
            "quote_status": "draft",
            "quote_expires_at": expires_at,
            "purchase_identifiers": {"sparklayer": str(spark_id)},
            "customer_identifiers": {
                "sparklayer": payer.public_id,
                "sparklayer_child": "" if payer == customer else customer.public_id,
            },
            "customer_reference": customer_reference,
            "payment_method": "on_account" if payer.payment_on_account else "",
            "dates": {"created_at": now},
            "currency_code": currency_code,
            "billing_address": _address(customer.default_billing_address or payer.default_billing_address),
            "packages": [
                {
                    "line_items": [
                        _line(line, proposal, currency_code) for line, proposal in zip(lines, proposals, strict=True)
                    ],
                    "shipping_address": _address(customer.default_shipping_address or payer.default_shipping_address),
                }
            ],
        }
        known = PurchaseRevision.objects.filter(site=site, purchase__spark_id=spark_id, number=1)
        first = known.order_by("-pk").first()
        if first is not None:
            if _offered(document_of(first)) != _offered(document):
                raise Conflict("It was made already, with other content.", code="quote-made", number=first.purchase_id)
            return Made(first.purchase_id, is_new=False)
        made = create_purchase(site=site, document=read_document(document), actor=actor, now=now)
        return Made(made.purchase.id, is_new=True)

    return in_transaction(work)


def _offered(document: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is offered to whom, of a stored document or one to be put: no more than the form of a quote can say."""
    whom, until = document["customer_identifiers"], document["quote_expires_at"]
    payer, child = whom["sparklayer"], whom["sparklayer_child"] or None
    lines = [line for package in document["packages"] for line in package["line_items"]]
    return (
        *(payer, child, document["currency_code"], document["customer_reference"]),
        datetime.fromisoformat(until) if isinstance(until, str) else until,
        *(
            (line["identifiers"].get("sku"), line["name_parent"], line["quantity"], line["line_total"]["total_net"])
            for line in lines
        ),
    )


def _check(
    lines: Sequence[QuoteLine], proposals: Sequence[Proposal], *, expires_at: datetime | None, now: datetime
) -> None:
    faults = [
        Fault("no-price", f"lines[{number}].unit_net", "No price list of the customer has a price. Give one.")
        for number, (line, proposal) in enumerate(zip(lines, proposals, strict=True))
        if line.unit_net is None and proposal.unit_net is None
    ]
    if not lines:
        faults.append(Fault("required", "lines", "Offer something: a SKU and how many."))
    if expires_at is not None and expires_at <= now:
        faults.append(Fault("past", "quote_expires_at", "Nobody could accept it: this has passed."))
    if faults:
        raise InvalidDocument(faults=faults)


def _variants(site: Site, skus: Collection[str]) -> dict[str, ProductVariant]:
    rows = ProductVariant.objects.for_site(site).filter(sku__in=skus).select_related("product")
    return {variant.sku: variant for variant in rows.prefetch_related("options")}


def _price_in(found: CustomerPrice, currency_code: str) -> Decimal | None:
    """Of one piece; a list in another currency has none."""
    if found.choice is None or found.price is None or found.choice.currency_code != currency_code:
        return None
    return found.price.price


def _rate_of(found: CustomerPrice, *, default: Decimal | None) -> Decimal | None:
    rate = found.price.display_tax_rate if found.price else None
    return default if rate is None else rate


def _line(line: QuoteLine, proposal: Proposal, code: str) -> Form:
    unit_net = proposal.unit_net if line.unit_net is None else line.unit_net
    assert unit_net is not None  # checked
    total: Form = {
        "total_net": {"number": money_text(line_total(unit_net, line.quantity, code), code), "currency": code}
    }
    if proposal.tax_rate is not None:
        total["tax_rate"] = f"{proposal.tax_rate:f}"
    return {
        "identifiers": {"sku": line.sku},
        "name_parent": line.name or proposal.name,
        "name_child": proposal.name_child if line.name in ("", proposal.name) else "",
        "custom_attributes": [{"key": key, "value": value} for key, value in proposal.options],
        "quantity": line.quantity,
        "line_total": total,
    }


def _address(address: Address | None) -> Form | None:
    """A copy, as it is now."""
    if address is None:
        return None
    texts = {name: getattr(address, name) for name in PurchaseAddress.model_fields if hasattr(address, name)}
    return {**texts, "sparklayer_id": address.public_id}
