"""The books after hundreds of random deeds of the back office: right, and no page broke.

Every deed of the registry is taken again and again, by staff of every role; one that is never carried out fails, so
that a new page, button or action comes under test by itself. What comes out follows from the seed. The long walk, each
deed twenty times, is a drive of `make torture`.
"""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from core.models import Site
from purchasing.admin import transactions
from purchasing.models import PurchaseTransaction
from tests.office_walk import NEVER, Deed, Walk, begin, supply

SEEDS = (1,)
EACH = 7
"""How often each deed is taken with one seed."""
PATIENCE = 15
"""How often one that was refused each time is tried again."""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_books_are_right_after_whatever_staff_do(site: Site, seed: int) -> None:
    walk, todo = begin(site, seed)
    for turn in range(EACH):
        walk.turn(todo)
        assert walk.differences() == [], f"seed {seed}, turn {turn}"
    assert walk.steps * len(SEEDS) >= 528
    supply(site, walk.rng)
    for deed in todo:
        if deed not in NEVER and not walk.done[deed]:
            any(walk.take(deed) for _ in range(PATIENCE))
    assert walk.undone(todo) == [], f"seed {seed}: never carried out"
    assert [str(deed) for deed in NEVER if walk.done[deed]] == []
    assert walk.differences() == []


def test_one_write_past_the_books_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same walk with a button that once changes its row with a statement of its own."""
    unapply = Deed("purchasing.purchasetransaction", "<path:object_id>/un-apply/")
    past: list[object] = []

    def record_past_the_books(_page: object, _request: object, item: PurchaseTransaction, *, applied: bool) -> None:
        if not past:
            past.append(item.pk)
            with connection.cursor() as cursor:
                table = PurchaseTransaction._meta.db_table
                cursor.execute(f"UPDATE {table} SET apply_to_balance = %s WHERE id = %s", [applied, item.pk])

    walk, _todo = begin(site, 1)
    assert found_after(walk, unapply) == []
    monkeypatch.setattr(transactions.TransactionAdmin, "_record_applied", record_past_the_books)
    found = found_after(walk, unapply)
    assert len(past) == 1
    assert found != []


def found_after(walk: Walk, deed: Deed) -> list[str]:
    """What the books find once the deed has been carried out; then it never was."""
    with transaction.atomic():
        assert any(walk.take(deed) for _ in range(PATIENCE))
        differences = walk.differences()
        transaction.set_rollback(True)
    return differences
