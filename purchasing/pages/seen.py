"""What a page showed of a purchase, kept in its forms and signed: nobody decides on what he has not seen.

The signature also says that this customer saw that revision, so he may be told how it differs from the one that stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.core import signing

from customers.models import Customer
from purchasing.models import Purchase

_SALT = "purchasing.pages.seen"


@dataclass(frozen=True, slots=True)
class Seen:
    revision: int
    total: Decimal


def seen_text(purchase: Purchase, customer: Customer) -> str:
    """The revision and total that this customer is shown."""
    shown = [purchase.pk, customer.pk, purchase.revision, str(purchase.calculated_total)]
    return signing.dumps(shown, salt=_SALT)


def read_seen(text: str, purchase: Purchase, customer: Customer) -> Seen | None:
    """What this customer was shown of the purchase; None for what no page of his holds."""
    try:
        number, reader, revision, total = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    return Seen(revision, Decimal(total)) if (number, reader) == (purchase.pk, customer.pk) else None
