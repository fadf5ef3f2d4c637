"""Postings that stand for no purchase: opening and manual entries, and the balance that an outside system sends.

The doors that make them; what is posted for purchases comes from their own effects. All go to the account that owes.
Rules: `docs/money.md`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from core.actors import Actor
from core.documents import in_utc
from core.errors import Conflict, InvalidDocument, NotFound
from core.models import Site
from core.money import ZERO, money_text, round_money
from core.retries import in_transaction
from core.site_settings import ChargePosting, Settings, settings_of
from core.written import Written
from customers import ledger
from customers.documents import NewEntry, PaymentOnAccount
from customers.ledger import Kind, Posting
from customers.models import Account, AccountEntry, Customer, CustomerWarning

BALANCE_IS_DERIVED = "balance-is-derived"
FURTHEST = timedelta(days=366)
"""How far ahead the value date of an opening or manual entry can be: one beyond is a slip."""


def post_entry(*, site: Site, customer_id: str, document: NewEntry, actor: Actor, now: datetime) -> AccountEntry:
    """One opening or manual entry on the account that owes for the customer; answers it with its account.

    The same reference with the same figures posts nothing and answers the entry that stands; a value date that is not
    sent and the reason are no figures. Two at once are one: the database holds the references.
    Raises NotFound, Conflict `resource-already-exists` for a reference with other figures, and InvalidDocument for a
    value date more than a year ahead.
    """
    return post_entry_once(site=site, customer_id=customer_id, document=document, actor=actor, now=now)[0]


def post_entry_once(
    *, site: Site, customer_id: str, document: NewEntry, actor: Actor, now: datetime
) -> tuple[AccountEntry, Written]:
    """As `post_entry`, and whether it was made or stood already."""

    def work() -> tuple[AccountEntry, Written]:
        customer = Customer.objects.for_site(site).present().identified(customer_id).first()
        if customer is None:
            raise NotFound
        account = Customer.objects.for_site(site).account_of(customer)
        standing = entry_by_reference(customer=customer, account=account, reference=document.reference)
        if standing is not None and not _same_figures(standing, document):
            raise Conflict(
                "An entry with this reference has other figures.", code="resource-already-exists", property="reference"
            )
        if standing is not None:
            return standing, Written.UNCHANGED
        settings = settings_of(site)
        posting = _posting_of(account, document, settings, now)
        if posting.value_date > _day_of(now, settings) + FURTHEST:
            raise InvalidDocument("This is more than a year ahead.", code="invalid", property="value_date")
        _post(account, posting, actor=actor, settings=settings)
        posted = entry_by_reference(customer=customer, account=account, reference=document.reference)
        assert posted is not None
        return posted, Written.CREATED

    return in_transaction(work)


def entry_by_reference(*, customer: Customer, account: Customer, reference: str) -> AccountEntry | None:
    """The entry with this reference: of the account that owes, else of the customer before it got its parent."""
    entries = AccountEntry.objects.filter(
        site_id=account.site_id, reference=reference, reference_owner_id__in=[account.pk, customer.pk]
    )
    found = {entry.reference_owner_id: entry for entry in entries.select_related("account")}
    return found.get(account.pk) or found.get(customer.pk)


def follow_sent_balance(
    *, site: Site, customer: Customer, sent: PaymentOnAccount | None, actor: Actor, now: datetime
) -> list[CustomerWarning]:
    """Bring the balance to what an outside system says, where such a system owns the debts (`charge_posting: off`).

    One manual entry posts the difference, in the currency of the object, else the customer's. Elsewhere the balance
    comes from the ledger: another one is ignored, with a warning. Runs in the transaction that wrote the customer.
    Raises InvalidDocument when no currency is known, or the balance has more decimals than the currency.
    """
    if sent is None or sent.balance is None:
        return []
    settings = settings_of(site)
    account = Customer.objects.for_site(site).account_of(customer)
    currency_code = sent.currency_code or customer.currency_code
    stands = _balance(account, currency_code)
    if sent.balance == stands:
        return []
    if settings.charge_posting is not ChargePosting.OFF:
        told = "is not known" if stands is None else f"is {money_text(stands, currency_code) if currency_code else 0}"
        message = f"The balance comes from the ledger and {told}; the one that was sent is ignored."
        return [{"code": BALANCE_IS_DERIVED, "property": "payment_on_account.balance", "message": message}]
    if not currency_code:
        raise InvalidDocument(
            "Name the currency of the balance: the customer has none.",
            property="payment_on_account.currency_code",
            code="required",
        )
    if sent.balance != round_money(sent.balance, currency_code):
        raise InvalidDocument(
            f"The balance has more decimals than {currency_code} has.", property="payment_on_account.balance"
        )
    locked = ledger.locked_balance(site_id=site.pk, customer_id=account.pk, currency_code=currency_code)
    posting = Posting(
        customer_id=account.pk,
        currency_code=currency_code,
        kind=Kind.MANUAL,
        amount=sent.balance - locked,
        value_date=_day_of(sent.balance_date or now, settings),
        reason=f"Balance set to {money_text(sent.balance, currency_code)}",
    )
    _post(account, posting, actor=actor, settings=settings)
    return []


def _posting_of(account: Customer, document: NewEntry, settings: Settings, now: datetime) -> Posting:
    return Posting(
        customer_id=account.pk,
        currency_code=document.currency_code,
        kind=Kind(document.kind),
        amount=document.amount,
        value_date=document.value_date or _day_of(now, settings),
        reference=document.reference,
        reason=document.reason,
    )


def _same_figures(entry: AccountEntry, document: NewEntry) -> bool:
    told = (document.kind, document.amount, document.currency_code)
    return (entry.kind, entry.amount, entry.currency_code) == told and (
        document.value_date is None or entry.value_date == document.value_date
    )


def _balance(account: Customer, currency_code: str) -> Decimal | None:
    """What stands in this currency, as customers are answered it. None: no currency is known, and something stands."""
    balances = dict(
        Account.objects.filter(site_id=account.site_id, customer=account).values_list("currency_code", "balance")
    )
    return balances.get(currency_code, ZERO) if currency_code or not balances else None


def _day_of(moment: datetime | date, settings: Settings) -> date:
    """In the site's time zone."""
    if not isinstance(moment, datetime):
        return moment
    instant = in_utc(moment, settings.time_zone)
    assert instant is not None
    return instant.astimezone(settings.time_zone).date()


def _post(account: Customer, posting: Posting, *, actor: Actor, settings: Settings) -> None:
    ledger.post(site_id=account.site_id, postings=[posting], author=actor, net_terms_days=settings.net_terms_days)
