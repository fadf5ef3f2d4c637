"""The books after hundreds of random deeds of the back office: right, and no page broke.

Every deed of the registry is taken twenty times, by staff of every role; one that is never carried out fails, so that a
new page, button or action comes under test by itself. What comes out follows from the seed.
"""

from __future__ import annotations

import random

import pytest
from django.db import connection, transaction
from django.test import Client

from core.models import Site, StaffMembership, User
from purchasing import books
from purchasing.admin.transactions import TransactionAdmin
from tests.callers import make_staff
from tests.office import make_office
from tests.office_walk import Deed, Walk, deeds, supply

ROLES = ("read-only", "clerk", "manager")
SEEDS = (1, 2, 3, 4)
EACH = 5
"""How often each deed is taken with one seed: with all of them, twenty times."""
PATIENCE = 15
"""How much oftener one that was refused each time."""

NEVER = {
    Deed("core.site", "<path:object_id>/delete/"),  # a site in use stays
    Deed("core.site", action="delete_selected"),
}
"""What nobody can carry out, whoever he is."""


def staff_of(site: Site) -> dict[str, User]:
    people = {role: make_staff(site, email=f"walking-{role}@example.com") for role in ROLES}
    people["superuser"] = User.objects.create_superuser("walking-root@example.com", "x")
    return people


def give_roles(site: Site, people: dict[str, User]) -> None:
    """To begin with, and again: what is done at random takes roles away too."""
    for role in ROLES:
        StaffMembership.objects.update_or_create(site=site, user=people[role], defaults={"role": role})


def walk_of(site: Site, seed: int) -> tuple[Walk, list[Deed]]:
    office = make_office(site)
    large = tuple(office.rows[name] for name in ("many lines", "many packages"))
    walk = Walk(site, staff_of(site), random.Random(seed), spared=large)
    give_roles(site, walk.staff)
    root = Client()
    root.force_login(walk.staff["superuser"])
    return walk, deeds(root)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_books_are_right_after_whatever_staff_do(site: Site, seed: int) -> None:
    walk, todo = walk_of(site, seed)
    for turn in range(EACH):
        give_roles(site, walk.staff)
        supply(site, walk.rng)
        for deed in walk.rng.sample(todo, len(todo)):
            try:
                walk.take(deed)
            except Exception as error:
                error.add_note(f"seed {seed}, turn {turn}, step {walk.steps}: {deed}")
                raise
        differences = books.verify(sites=[site.pk])
        assert differences == [], f"seed {seed}, turn {turn}, {walk.steps} steps: {differences}"
    assert walk.steps * len(SEEDS) >= 500
    undone = [deed for deed in todo if not walk.done[deed] and deed not in NEVER]
    stubborn = [str(deed) for deed in undone if not any(walk.take(deed) for _ in range(PATIENCE))]
    assert stubborn == [], f"seed {seed}: never carried out"
    assert books.verify(sites=[site.pk]) == []


def test_a_bypass_is_noticed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """An action that changes rows past the operations leaves books that are wrong."""

    def bypass(_page: object, _request: object, queryset: object, *, applied: bool) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE purchasing_purchasetransaction SET apply_to_balance = %s", [applied])

    monkeypatch.setattr(TransactionAdmin, "_set_applied", bypass)
    walk, _ = walk_of(site, 1)
    with transaction.atomic():
        for _ in range(10):
            walk.take(Deed("purchasing.purchasetransaction", action="unapply"))
        differences = books.verify(sites=[site.pk])
        transaction.set_rollback(True)
    assert differences != []
