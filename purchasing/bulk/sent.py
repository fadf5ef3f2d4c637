"""What was sent in bulk: each item read for itself, so that one that cannot be read leaves the others alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.api.documents import FAULTS_LISTED, validate
from core.documents import without_nulls
from core.errors import DomainError, InvalidDocument
from purchasing.bulk.items import Identifiers
from purchasing.documents import FlatTransactionDocument, PurchaseDocument, TransactionDocument, read_document
from purchasing.identity import Lookup, Sought, sought_by
from purchasing.putting import judged
from purchasing.status import StateOfPackage
from purchasing.store import LOOKUPS

MAX_ITEMS = 5_000
FAULTS_OF_A_CALL = 10 * FAULTS_LISTED
FAULTS_OF_AN_ITEM = 20
"""That are listed of each item once those of the call are used up: nobody reads more, and listing them costs."""
MAX_IDENTIFIER = 255


@dataclass(frozen=True, slots=True)
class SentPurchase:
    """A document with what it names, or why it is none. `identifiers`: as sent, as far as they can be read."""

    identifiers: Identifiers
    document: PurchaseDocument | None = None
    states: Sequence[StateOfPackage] = ()
    sought: Sought | None = None
    refusal: DomainError | None = None


@dataclass(frozen=True, slots=True)
class SentTransaction:
    """A transaction with the purchase it names, or why it is none.

    `named_by`: the member that names the purchase, in the words of the sender.
    """

    identifiers: Identifiers
    lookup: Lookup | None = None
    document: TransactionDocument | None = None
    refusal: DomainError | None = None
    named_by: str = "purchase_spark_id"


class _Faults:
    """How many faults of the next item are listed."""

    def __init__(self) -> None:
        self.left = FAULTS_OF_A_CALL

    @property
    def listed(self) -> int:
        return max(FAULTS_OF_AN_ITEM, min(FAULTS_LISTED, self.left))

    def note(self, refusal: DomainError) -> None:
        self.left -= len(refusal.faults)


def read_purchases(bodies: Iterable[Any], *, has_nulls: bool = True) -> list[SentPurchase]:
    """The purchases of decoded JSON documents, their identifiers inside. `has_nulls`: as of `read_document`."""
    faults = _Faults()
    return [_read_purchase(body, has_nulls, faults) for body in bodies]


def read_transactions(bodies: Iterable[Any]) -> list[SentTransaction]:
    """The transactions of decoded flat JSON objects."""
    faults = _Faults()
    return [_read_transaction(body, faults) for body in bodies]


def _read_purchase(body: Any, has_nulls: bool, faults: _Faults) -> SentPurchase:
    sent = body.get("purchase_identifiers") if isinstance(body, dict) else None
    identifiers = _texts(sent, LOOKUPS)
    try:
        document = read_document(body, has_nulls=has_nulls, listed=faults.listed)
        sought = sought_by(_first_of(document), document.purchase_identifiers)
        return SentPurchase(identifiers, document, judged(document), sought)
    except DomainError as refusal:
        faults.note(refusal)
        return SentPurchase(identifiers, refusal=refusal)


def _first_of(document: PurchaseDocument) -> Lookup:
    """Any identifier that is sent: in bulk there is no path to agree with."""
    for kind, value in document.purchase_identifiers:
        if value:
            return Lookup(kind, value)
    raise InvalidDocument(
        "Name the purchase by at least one identifier.", code="required", property="purchase_identifiers"
    )


def _read_transaction(body: Any, faults: _Faults) -> SentTransaction:
    identifiers = _texts(body, ("purchase_spark_id", "platform_id"))
    try:
        document = validate(FlatTransactionDocument, without_nulls(body), listed=faults.listed)
    except InvalidDocument as refusal:
        faults.note(refusal)
        return SentTransaction(identifiers, refusal=refusal)
    return SentTransaction(identifiers, Lookup("sparklayer", document.purchase_spark_id), document)


def _texts(sent: Any, names: Iterable[str]) -> Identifiers:
    """These members as text, "" where there is none that could be an identifier."""
    members = sent if isinstance(sent, dict) else {}
    return {name: _text(members.get(name)) for name in names}


def _text(value: Any) -> str:
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return text if len(text) <= MAX_IDENTIFIER else ""
