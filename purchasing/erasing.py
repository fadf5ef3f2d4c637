"""Erasing a person: the one permitted rewriting of what was stored (`docs/operations.md`, persons).

Names, addresses, e-mail, phones, attributes and `full_transaction` become `erased`: in the customer, in every purchase
that names the person as the one who buys (deleted ones too), its revisions, comments and reasons, and in the
record of the back office. Amounts, dates, identifiers, countries and ledger entries stay. The customer keeps
who erased when, is inactive and has no login. Erasing again changes nothing that is erased already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from core import sql
from core.actors import Actor
from core.api.access import end_tokens_of
from core.errors import NotFound
from core.models import Change, Site
from core.retries import in_transaction
from customers.models import Address, Customer
from purchasing.documents import PurchaseAddress
from purchasing.models import Purchase, PurchaseComment, PurchaseTransaction
from purchasing.normal_form import one_line
from purchasing.search import lexemes_of

ERASED = "erased"
BATCH = 100
_PERSON = ("title", "first_name", "last_name", "company_name")
_ADDRESS = (
    "name",
    "company",
    "address_line1",
    "address_line2",
    "city",
    "region_code",
    "postal_code",
    "phone",
    "title",
    "first_name",
    "last_name",
    "mobile",
    "nickname",
)
"""Members of an address that say who or where somebody is. The country stays, as taxes depend on it."""

# $1 site, $2 purchase, $3 header, $4 contents
_WRITE_PURCHASE = """
UPDATE purchasing_purchase
SET header = $3::json, contents = $4::json, words = array_to_tsvector($5::text[]), approval = $6::jsonb,
    changes = changes + 1, changed_at = $7::timestamptz
WHERE site_id = $1 AND id = $2
"""
_WRITE_SHIP_TO = "UPDATE purchasing_package SET ship_to = $3 WHERE site_id = $1 AND id = $2"
_READ_REVISIONS = """
SELECT number, header::text, contents::text FROM purchasing_purchaserevision WHERE site_id = $1 AND purchase_id = $2
"""
_WRITE_REVISION = """
UPDATE purchasing_purchaserevision SET header = $4::json, contents = $5::json
WHERE site_id = $1 AND purchase_id = $2 AND number = $3
"""
_WRITE_TRANSACTIONS = f"""
UPDATE purchasing_purchasetransaction SET full_transaction = '{ERASED}'
WHERE site_id = $1 AND purchase_id = ANY($2) AND full_transaction NOT IN ('', '{ERASED}')
"""  # noqa: S608  # a fixed word


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: the customer, and how many purchases name him."""

    customer: Customer
    purchases: int


def erase_customer(*, site: Site, customer_id: str, actor: Actor, now: datetime) -> Erased:
    """Erase the person, deleted or not, in one transaction. `customer_id`: ours (`cu_12`). Raises NotFound."""

    def work() -> Erased:
        found = Customer.objects.for_site(site).identified(customer_id).first()
        if found is None:
            raise NotFound
        mine = Purchase.objects.filter(Q(customer=found) | Q(child=found), site=site).order_by("pk")
        numbers = list(mine.select_for_update(no_key=True).values_list("pk", flat=True))
        customer = Customer.objects.for_site(site).select_for_update(no_key=True).get(pk=found.pk)
        _erase_customer(customer, actor=actor, now=now)
        for start in range(0, len(numbers), BATCH):
            _erase_purchases(site, numbers[start : start + BATCH], now=now)
        _erase_record(customer, numbers)
        return Erased(customer, len(numbers))

    return in_transaction(work)


def _erase_customer(customer: Customer, *, actor: Actor, now: datetime) -> None:
    """His own row and addresses. His login goes when it is nobody else's."""
    login = customer.user
    for name in _PERSON:
        setattr(customer, name, _erased(getattr(customer, name)))
    customer.email = f"{ERASED}-{customer.pk}@{ERASED}.invalid"
    customer.metadata = None if customer.metadata is None else _erased_values(customer.metadata)
    customer.status = Customer.Status.INACTIVE
    customer.user = None
    if customer.erased_at is None:
        customer.erased_at, customer.erased_by = now, str(actor)
    customer.save()
    for address in Address.objects.for_site(customer.site).filter(customer=customer).select_for_update():
        for field in Address._meta.concrete_fields:
            if field.name in _ADDRESS or field.name in ("company", "nickname"):
                setattr(address, field.name, _erased(getattr(address, field.name)))
        address.save()
    if login is not None and not login.is_staff and not login.customers.exists():
        end_tokens_of(login)
        login.delete()


def _erase_purchases(site: Site, numbers: list[int], *, now: datetime) -> None:
    purchases = Purchase.objects.filter(site=site, pk__in=numbers).select_related("customer", "child")
    for purchase in purchases:
        header, contents = erased_document(purchase.header, purchase.contents)
        approval = _without_reason(purchase.approval)
        if (header, contents, approval) != (purchase.header, purchase.contents, purchase.approval):
            companies = [each.company_name for each in (purchase.customer, purchase.child) if each is not None]
            words = lexemes_of(
                site_id=site.pk,
                number=purchase.pk,
                header=orjson.loads(header),
                contents=orjson.loads(contents),
                companies=companies,
            )
            told = None if approval is None else orjson.dumps(approval).decode()
            sql.run(_WRITE_PURCHASE, [site.pk, purchase.pk, header, contents, words, told, now.isoformat()])
        for package in purchase.packages.all():
            if package.ship_to:
                stored = _package(orjson.loads(contents), package.public_id)
                sql.run(_WRITE_SHIP_TO, [site.pk, package.pk, _in_one_line(stored["shipping_address"])])
        for number, old_header, old_contents in sql.fetch(_READ_REVISIONS, [site.pk, purchase.pk]):
            now_is = erased_document(old_header, old_contents)
            if now_is != (old_header, old_contents):
                sql.run(_WRITE_REVISION, [site.pk, purchase.pk, number, *now_is])
    sql.run(_WRITE_TRANSACTIONS, [site.pk, numbers])
    PurchaseComment.objects.filter(site=site, purchase__in=numbers).update(text=ERASED)


def erased_document(header_text: str, contents_text: str) -> tuple[str, str]:
    """The two texts of a document without the person; its form, figures, dates and identifiers as they were."""
    header, contents = orjson.loads(header_text), orjson.loads(contents_text)
    header["billing_address"] = _erased_address(header["billing_address"])
    for named in (*header["custom_fields"], *header["metadata"]):
        named["value"] = _erased(named["value"])
    for package in contents["packages"]:
        package["shipping_address"] = _erased_address(package["shipping_address"])
        for line in package["line_items"]:
            for attribute in line["custom_attributes"]:
                attribute["value"] = _erased(attribute["value"])
    live = (package for package in contents["packages"] if package["type"] != "cancelled")
    lines = (_in_one_line(package["shipping_address"]) for package in live)
    header["calculated_shipping_address"] = next(filter(None, lines), "")
    return orjson.dumps(header).decode(), orjson.dumps(contents).decode()


def _erase_record(customer: Customer, numbers: list[int]) -> None:
    """What the back office recorded of the customer and of these purchases and their transactions, and the trail of
    the customer: who did something when stays, what it was called or said does not."""
    Change.objects.of(customer).update(before=None, after=None)
    transactions = PurchaseTransaction.objects.filter(site=customer.site_id, purchase__in=numbers)
    told: list[tuple[type[Any], Iterable[str]]] = [
        (Customer, [str(customer.pk)]),
        (Purchase, map(str, numbers)),
        (PurchaseTransaction, map(str, transactions.values_list("pk", flat=True))),
    ]
    for model, keys in told:
        kind = ContentType.objects.get_for_model(model)
        entries = LogEntry.objects.filter(content_type=kind, object_id__in=list(keys))
        if model is Customer:
            entries.update(object_repr=ERASED, change_message=ERASED)
        else:
            entries.update(change_message=ERASED)


def _erased(text: str | None) -> str | None:
    """What says nothing stays so, so that the form of a document does not change."""
    return ERASED if text else text


def _erased_values(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _erased_values(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_erased_values(item) for item in value]
    return value if value is None or isinstance(value, bool) else ERASED


def _erased_address(address: dict[str, Any] | None) -> dict[str, Any] | None:
    if address is None:
        return None
    return {name: _erased(text) if name in _ADDRESS else text for name, text in address.items()}


def _in_one_line(address: dict[str, Any] | None) -> str:
    return one_line(PurchaseAddress.model_construct(**address)) if address else ""


def _package(contents: dict[str, Any], public_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in contents["packages"] if item["id"] == public_id)
    return found


def _without_reason(approval: dict[str, Any] | None) -> dict[str, Any] | None:
    return approval | {"reason": ERASED} if approval and approval.get("reason") else approval
