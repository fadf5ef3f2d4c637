"""Repairing an account: its entries are believed and never edited; what is missing is posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from core.models import Site
from core.money import ZERO
from core.site_settings import settings_of
from customers import ledger
from customers.ledger import Kind, Posting
from purchasing.books.differences import REPAIRER, check_accounts


@transaction.atomic
def repair_balance(site_id: int, account_id: int, due: Mapping[tuple[int, int, str], Decimal]) -> None:
    """Bring the stored balance to the sum of the entries.

    The balance is believed instead when, after what purchases have to post (`due`), its difference from the sum is
    explained by an entry without a purchase that came or went from outside: it came when its own balance does not
    follow from the one before; it went when the last entry's balance is still the stored one. A manual entry then
    brings the sum back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, currency_code, balance FROM customers_account "
            "WHERE site_id = %s AND id = %s FOR NO KEY UPDATE",
            [site_id, account_id],
        )
        customer_id, currency_code, balance = cursor.fetchone()
        cursor.execute(
            "SELECT COALESCE(sum(amount), 0), max(posted_at), (array_agg(balance_after ORDER BY id DESC))[1], "
            "array_agg(amount) FILTER (WHERE purchase_id IS NULL AND balance_after <> amount + before) "
            "FROM (SELECT *, lag(balance_after, 1, 0::numeric) OVER (ORDER BY id) AS before "
            "FROM customers_accountentry WHERE site_id = %s AND account_id = %s) AS entry",
            [site_id, account_id],
        )
        total, posted_at, last, suspects = cursor.fetchone()
        cursor.execute(
            "UPDATE customers_account SET balance = %s, posted_at = COALESCE(%s, posted_at) "
            "WHERE site_id = %s AND id = %s",
            [total, posted_at, site_id, account_id],
        )
    unexplained = balance - total - due.get((site_id, customer_id, currency_code), ZERO)
    if unexplained and (balance == last or -unexplained in (suspects or [])):
        post(site_id, [_manual(customer_id, currency_code, unexplained, "an entry came or went outside the books")])


@transaction.atomic
def repair_chain(site_id: int, account_id: int) -> None:
    """Let a broken chain of balances start anew: two entries that cancel out, the second of which is right."""
    for broken in check_accounts(sites=[site_id], first=account_id, last=account_id):
        if broken.part != "chain":
            continue
        amount = Decimal(broken.should["balance_after"]) - Decimal(broken.stored["balance_after"])
        reason = f"the balance after entry {broken.should['entry']} was changed outside the books"
        entries = [_manual(broken.customer_id, broken.currency_code, part, reason) for part in (amount, -amount)]
        post(site_id, entries)


def _manual(customer_id: int, currency_code: str, amount: Decimal, reason: str) -> Posting:
    return Posting(
        customer_id=customer_id,
        currency_code=currency_code,
        kind=Kind.MANUAL,
        amount=amount,
        value_date=timezone.now().date(),
        reason=f"Repair: {reason}",
    )


def post(site_id: int, postings: Sequence[Posting]) -> None:
    """Post as the repairer, on the site's terms."""
    settings = settings_of(Site.objects.get(pk=site_id))
    ledger.post(site_id=site_id, postings=postings, author=REPAIRER, net_terms_days=settings.net_terms_days)
