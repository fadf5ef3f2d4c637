"""How often a link to set a password may be asked for by people who have not signed in.

In an hour 3 mails for one e-mail, whether it is known or not: who has those needs no more, and nobody's mailbox is
filled. And 20 for all e-mails together from one address.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.models import LinkAsked
from core.sign_in import TooManyAttempts, attempt_key

WITHIN = timedelta(hours=1)
MOST_FOR_AN_EMAIL = 3
MOST_FROM_AN_ADDRESS = 20


class TooManyLinks(TooManyAttempts):
    """Too many links were asked for from this address: 429."""

    title = "too-many-links"
    detail = "Too many links were asked for. Try again in an hour."
    headers = {"Retry-After": str(int(WITHIN.total_seconds()))}


def may_be_mailed(*, email: str, address: str, now: datetime) -> bool:
    """Note that a link was asked for; whether this e-mail may get another. Raises TooManyLinks for the address."""
    of_email = attempt_key(email=f"link for {email.strip().lower()}", address="")
    of_address = attempt_key(email="link", address=address)
    # Noted before they are counted, so that what is asked for at the same time counts each other.
    LinkAsked.objects.bulk_create([LinkAsked(key=key, asked_at=now) for key in (of_email, of_address)])
    LinkAsked.objects.filter(asked_at__lte=now - WITHIN).delete()
    if LinkAsked.objects.filter(key=of_address).count() > MOST_FROM_AN_ADDRESS:
        raise TooManyLinks
    return LinkAsked.objects.filter(key=of_email).count() <= MOST_FOR_AN_EMAIL
