"""Documents put in place of what stands, one or many at once: what every door does that puts purchases.

Within the caller's transaction and under the locks of what is replaced. The number of statements does not depend on the
number of documents: what they need is looked up for all of them, and what they come to is written together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import orjson

from core.actors import Actor
from core.errors import DomainError, TooLarge
from core.models import Site
from customers import ledger
from customers.ledger import Posting
from purchasing import effects, store
from purchasing.compose import judge_packages
from purchasing.documents import MAX_LINES, PurchaseDocument
from purchasing.drafts import Draft, Matched, draft_of
from purchasing.guards import account_for, check_change, check_freight_credit
from purchasing.identity import Sought, merged_identifiers
from purchasing.mail_events import tell
from purchasing.order_minimum import Minimums, check_order_minimum_of_program
from purchasing.payment import Applied
from purchasing.replace import Replacement, replacement
from purchasing.resolve import ReadContext, read_context, resolve
from purchasing.status import StateOfPackage
from purchasing.store import Numbers, StoredPurchase, StoredTransaction
from purchasing.taking_away import check_nothing_taken
from purchasing.warnings import OF_TRANSACTIONS, STALE_SOURCE_DATE, PurchaseWarning, warn


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Put:
    """What a PUT came to. `warnings`: the purchase's, and those of this request alone."""

    purchase: StoredPurchase
    outcome: Outcome
    warnings: Sequence[PurchaseWarning]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document, and what it replaces: `stored`, whose lock is held; None: it is a new purchase.

    `matched`: what its packages and lines continue, where it was made of the stored one.
    """

    document: PurchaseDocument
    states: Sequence[StateOfPackage]
    stored: StoredPurchase | None
    sought: Sought
    matched: Matched | None = None


def judged(document: PurchaseDocument) -> list[StateOfPackage]:
    """The states of the packages. Raises TooLarge, and InvalidDocument as `judge_packages` does."""
    lines = sum(len(package.line_items) for package in document.packages)
    if lines > MAX_LINES:
        raise TooLarge(f"A purchase may have {MAX_LINES} lines; this one has {lines}.", property="packages")
    return judge_packages(document.packages)


def put_locked(
    site: Site,
    document: PurchaseDocument,
    states: Sequence[StateOfPackage],
    *,
    stored: StoredPurchase | None,
    sought: Sought,
    actor: Actor,
    now: datetime,
    matched: Matched | None,
    context: ReadContext = read_context,
) -> Put:
    """Store the document in place of `stored`, whose lock is held; without one as a new purchase.

    For operations that decide under that lock what is to be put. Raises what a PUT raises.
    """
    wanted = Wanted(document, states, stored, sought, matched)
    [put] = put_all_locked(site, [wanted], actor=actor, now=now, context=context)
    if isinstance(put, DomainError):
        raise put
    return put


def put_all_locked(
    site: Site,
    wanted: Sequence[Wanted],
    *,
    actor: Actor,
    now: datetime,
    context: ReadContext = read_context,
    minimums: Minimums | None = None,
    quiet: bool = False,
) -> list[Put | DomainError]:
    """What each of the documents came to, or what refuses it: then it leaves no trace, and the others are as without.

    They have nothing to do with each other: no two of one purchase, none that takes an identifier which another gives
    up. `context`: where settings and customers come from, when whoever calls has looked them up; `minimums`: order
    minimums that are known. `quiet`: nobody is mailed.
    """
    drafts = _each(lambda one: _draft(site, one, context, now), wanted)
    numbers = iter(store.take_numbers([draft.needs for draft in drafts if isinstance(draft, Draft)]))
    judged = _each(lambda draft: _judge(site, draft, next(numbers), actor, minimums), drafts)
    changes = [one for one in judged if isinstance(one, _Change)]
    if changes:
        _write(changes, actor=actor)
    if not quiet:
        for change in changes:
            tell(change.new.purchase, before=change.draft.stored, settings=change.draft.settings, now=now)
    return [one.put if isinstance(one, _Change) else one for one in judged]


Item = TypeVar("Item")
Result = TypeVar("Result")


def _each(work: Callable[[Item], Result], items: Iterable[Item | DomainError]) -> list[Result | DomainError]:
    """What becomes of each; one that is refused stays so."""
    results: list[Result | DomainError] = []
    for item in items:
        try:
            results.append(item if isinstance(item, DomainError) else work(item))
        except DomainError as refusal:
            results.append(refusal)
    return results


def _draft(site: Site, one: Wanted, context: ReadContext, now: datetime) -> Draft:
    document, stored = one.document, one.stored
    carried = stored.parties if stored else []
    settings, customers = context(site_id=site.pk, named=document.customer_identifiers, carried=carried)
    parties, currency_code = resolve(document, customers, carried, settings)
    return draft_of(
        site_id=site.pk,
        document=document,
        states=one.states,
        stored=stored,
        identifiers=merged_identifiers(one.sought, document.purchase_identifiers, stored),
        parties=parties,
        currency_code=currency_code,
        settings=settings,
        now=now,
        matched=one.matched,
    )


@dataclass(slots=True)
class _Change:
    """What is to be written. `warnings`: the purchase's, when they are known; `of_request`: those of this one alone."""

    draft: Draft
    new: Replacement
    of_request: list[PurchaseWarning]
    warnings: list[PurchaseWarning] = field(default_factory=list)

    @property
    def put(self) -> Put:
        outcome = Outcome.UPDATED if self.draft.stored else Outcome.CREATED
        return Put(self.new.purchase, outcome, [*self.warnings, *self.of_request])


def _judge(site: Site, draft: Draft, numbers: Numbers, actor: Actor, minimums: Minimums | None) -> _Change | Put:
    """Whether it is a change at all, and one that may be made. Raises what refuses it."""
    stored, new = draft.stored, replacement(draft, numbers)
    of_request = _stale(new, stored)
    if stored and not new.changed:
        return Put(stored, Outcome.UNCHANGED, [*orjson.loads(stored.warnings), *of_request])
    if stored:
        check_change(stored, new.purchase, draft.parties)
        if not draft.made_of_stored:  # whoever says what continues what moves goods and takes none away
            check_nothing_taken(stored, new.purchase, actor=actor)
            check_freight_credit(stored, new.purchase, actor=actor)
    check_order_minimum_of_program(
        new.purchase, before=stored, site=site, settings=draft.settings, actor=actor, known=minimums
    )
    return _Change(draft, new, of_request)


def _stale(new: Replacement, stored: StoredPurchase | None) -> list[PurchaseWarning]:
    sent = new.purchase.updated_at
    if stored and sent and stored.updated_at and sent < stored.updated_at:
        return [warn(STALE_SOURCE_DATE, "dates.updated_at", "an earlier dates.updated_at than the stored one")]
    return []


def _write(changes: Sequence[_Change], *, actor: Actor) -> None:
    """Write the replacements with what follows from them: payment status, revision, ledger. Sets their warnings."""
    purchases = [change.new.purchase for change in changes]
    site_id = purchases[0].site_id
    paid = [purchase.id for purchase in purchases if Applied(purchase.paid, purchase.refunded).any]
    transactions = store.read_transactions(site_id=site_id, purchase_ids=paid) if paid else {}
    before = {item.id: item.posted_amount for items in transactions.values() for item in items}
    postings: list[Posting] = []
    for change in changes:
        postings += _follow(change, transactions.get(change.new.purchase.id, []))
    for new in (True, False):
        wholes = [change.new for change in _in_order(changes) if (change.draft.stored is None) is new]
        if wholes:
            store.write_purchases(wholes, author=str(actor), new=new)
    for purchase in purchases:
        items = transactions.get(purchase.id, [])
        if any(item.posted_amount != before[item.id] for item in items):
            effects.write_followed(purchase, items, before=before)
    terms = changes[0].draft.settings.net_terms_days
    ledger.post(site_id=site_id, postings=postings, author=actor, net_terms_days=terms)


def _in_order(changes: Sequence[_Change]) -> list[_Change]:
    """Always the same: calls that give the same identifiers to several purchases could wait in a ring otherwise."""
    return sorted(changes, key=lambda change: change.new.purchase.spark_id)


def _follow(change: _Change, transactions: Sequence[StoredTransaction]) -> list[Posting]:
    """What is to be posted; sets payment figures and warnings."""
    purchase, draft = change.new.purchase, change.draft
    payment_warnings = effects.judge(purchase, Applied(purchase.paid, purchase.refunded))
    stood = orjson.loads(draft.stored.warnings) if draft.stored else []
    kept = [item for item in stood if item["code"] in OF_TRANSACTIONS]
    change.warnings = [*change.new.document_warnings, *payment_warnings, *kept]
    purchase.warnings = orjson.dumps(change.warnings).decode()
    account_id = account_for(draft.parties, draft.stored)
    return effects.differences(purchase, transactions, account_id=account_id, settings=draft.settings)
