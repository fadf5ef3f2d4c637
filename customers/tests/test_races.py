"""Writers of customers at the same moment: each guard holds, and its test fails without it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.actors import SYSTEM
from core.errors import Conflict, DomainError
from core.models import Site
from customers import groups, operations, references, whole
from customers.documents import CustomerChange, NewAddress, NewCustomer, WholeCustomer
from customers.group_documents import GroupChange, NewGroup
from customers.models import Address, Customer, CustomerGroup
from customers.tests.cast import make_address, make_customer, make_group
from tests.callers import ApiCaller, make_caller
from tests.together import MeetingPoint, together

pytestmark = pytest.mark.django_db(transaction=True)

BY: dict[str, Any] = {"actor": SYSTEM, "now": datetime(2026, 3, 1, tzinfo=UTC)}
TOM = {"first_name": "Tom", "last_name": "Jones", "email": "tom@example.com"}


def codes(results: list[Any]) -> list[str]:
    """What each call came to: `done`, or the code of its refusal. Another exception is a failure."""
    found = []
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, DomainError):
            raise result
        found.append(result.faults[0].code if isinstance(result, DomainError) else "done")
    return sorted(found)


def meet_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, point: MeetingPoint | None = None) -> None:
    """Plant a meeting point: neither of two threads goes on before both have come through this function once."""
    point, real = point or MeetingPoint(2), getattr(module, name)

    def planted(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        point.wait()
        return result

    monkeypatch.setattr(module, name, planted)


def once(work: Callable[[], Any]) -> Any:
    """`in_transaction` without its further tries."""
    with transaction.atomic():
        return work()


def create(site: Site, **members: Any) -> Callable[[], Customer]:
    document = NewCustomer.model_validate(TOM | members)
    return lambda: operations.create_customer(site=site, document=document, **BY)


def test_two_births_with_one_e_mail_are_one_customer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_after(monkeypatch, operations, "customer_claims_taken")

    results = together(create(site, external_id="X1"), create(site, email="TOM@example.com"))

    assert codes(results) == ["done", "resource-already-exists"]
    assert Customer.objects.count() == 1


def test_without_a_second_try_the_loser_is_a_fault(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_after(monkeypatch, operations, "customer_claims_taken")
    monkeypatch.setattr(operations, "in_transaction", once)

    results = together(create(site), create(site))

    assert [type(result) for result in results if isinstance(result, Exception)] == [IntegrityError]


def test_twenty_births_over_http_answer_200_once_and_409_else(site: Site) -> None:
    headers = make_caller(site).headers

    def post() -> int:
        return int(ApiCaller(headers).post("/api/v1/customers", json=TOM | {"external_id": "X1"}).status_code)

    results = together(*[post] * 20)

    assert sorted(results) == [200] + [409] * 19  # type: ignore[type-var]  # an exception here fails the test
    assert Customer.objects.count() == 1


def test_two_addresses_with_one_external_id_are_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    members = {"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB", "external_id": "QUAY"}
    document = NewAddress.model_validate(members)
    customers = [make_customer(site, name) for name in ("Ann", "Bob")]
    meet_after(monkeypatch, operations, "address_claims_taken")

    def add(customer: Customer) -> Address:
        return operations.add_address(site=site, customer_id=customer.public_id, document=document)

    results = together(lambda: add(customers[0]), lambda: add(customers[1]))

    assert codes(results) == ["done", "resource-already-exists"]


def move(customer: Customer, under: Customer) -> Callable[[], Customer]:
    document = CustomerChange(parent_customer_id=under.public_id)
    return lambda: operations.patch_customer(
        site=customer.site, customer_id=customer.public_id, document=document, **BY
    )


def test_two_moves_do_not_close_a_cycle(site: Site) -> None:
    for number in range(10):
        ann, bob = make_customer(site, f"ann{number}"), make_customer(site, f"bob{number}")

        assert codes(together(move(ann, bob), move(bob, ann))) == ["done", "parent-cycle"]

        assert Customer.objects.family_of(ann).count() == 2


def test_without_the_site_s_lock_two_moves_close_a_cycle(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "lock_companies", lambda _site, **_options: None)
    meet_after(monkeypatch, references, "_misplaced")
    ann, bob = make_customer(site, "ann"), make_customer(site, "bob")

    assert codes(together(move(ann, bob), move(bob, ann))) == ["done", "done"]

    assert Customer.objects.family_of(ann).count() == 0


def delete(customer: Customer) -> Callable[[], None]:
    now = customer.created_at
    return lambda: operations.delete_customer(site=customer.site, customer_id=customer.public_id, now=now)


def test_a_parent_does_not_go_while_somebody_comes_under_it(site: Site) -> None:
    outcomes = set()
    for number in range(10):
        head = make_customer(site, f"head{number}")
        birth = create(site, email=f"tom{number}@example.com", parent_customer_id=head.public_id)

        outcomes.add(tuple(codes(together(birth, delete(head)))))

        head.refresh_from_db()
        assert (head.deleted_at is None) == head.children.exists()
    assert outcomes <= {("done", "resource-in-use"), ("done", "resource-not-found")}


def test_without_the_site_s_lock_a_child_is_left_behind(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "lock_companies", lambda _site, **_options: None)
    head = make_customer(site, "head")
    point = MeetingPoint(2)
    for name in ("_refuse_taken", "_refuse_children"):
        meet_after(monkeypatch, operations, name, point=point)

    results = together(create(site, parent_customer_id=head.public_id), delete(head))

    assert codes(results) == ["done", "done"]
    head.refresh_from_db()
    assert (head.deleted_at is not None, head.children.exists()) == (True, True)


def test_an_address_does_not_go_while_it_becomes_a_default(site: Site) -> None:
    for number in range(10):
        customer, other = make_customer(site, f"ann{number}"), make_customer(site, f"bob{number}")
        address = make_address(customer)
        document = CustomerChange(default_billing_address_id=address.public_id)

        def choose(other: Customer = other, document: CustomerChange = document) -> None:
            operations.patch_customer(site=site, customer_id=other.public_id, document=document, **BY)

        def remove(customer: Customer = customer, address: Address = address) -> None:
            operations.delete_address(site=site, customer_id=customer.public_id, address_id=address.public_id)

        assert codes(together(choose, remove)) in (["done", "done"], ["done", "resource-not-found"])

        other.refresh_from_db()
        assert other.default_billing_address is None


def test_two_births_of_one_group_are_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    document = NewGroup(slug="eu", name="Europe")

    def birth() -> CustomerGroup:
        return groups.create_group(site=site, document=document)

    assert codes(together(birth, birth, birth)) == ["done", "resource-already-exists", "resource-already-exists"]

    # Without the lock the database refuses the second, which is tried again.
    document = NewGroup(slug="uk", name="Kingdom")
    monkeypatch.setattr(groups, "_locked_groups", unlocked)
    meet_after(monkeypatch, groups, "_parent_of")
    assert codes(together(birth, birth)) == ["done", "resource-already-exists"]


def unlocked(site: Site) -> dict[str, CustomerGroup]:
    return {group.slug: group for group in CustomerGroup.objects.for_site(site)}


def test_two_moves_of_groups_do_not_close_a_cycle(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def move(slug: str, under: str) -> Callable[[], CustomerGroup]:
        return lambda: groups.patch_group(site=site, slug=slug, document=GroupChange(parent_slug=under))

    for number in range(5):
        ann, bob = make_group(site, f"ann{number}").slug, make_group(site, f"bob{number}").slug
        assert codes(together(move(ann, bob), move(bob, ann))) == ["done", "parent-cycle"]

    monkeypatch.setattr(groups, "_locked_groups", unlocked)
    meet_after(monkeypatch, groups, "_parent_of")
    make_group(site, "ann")
    make_group(site, "bob")
    assert codes(together(move("ann", "bob"), move("bob", "ann"))) == ["done", "done"]


def test_a_group_does_not_go_while_somebody_joins_it(site: Site) -> None:
    outcomes = set()
    for number in range(10):
        slug = make_group(site, f"group{number}").slug

        def remove(slug: str = slug) -> None:
            groups.delete_group(site=site, slug=slug)

        outcomes.add(tuple(codes(together(create(site, email=f"tom{number}@example.com", group=slug), remove))))

        assert CustomerGroup.objects.filter(slug=slug).exists() == Customer.objects.filter(group__slug=slug).exists()
    assert outcomes <= {("done", "resource-in-use"), ("done", "resource-not-found")}


def join_as_it_goes(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Somebody has found the group he joins; before he is stored it is gone."""
    make_group(site, "eu")
    looked, gone = threading.Event(), threading.Event()
    real = references.references_of

    def looking(**given: Any) -> Any:
        found = real(**given)
        if not looked.is_set():
            looked.set()
            assert gone.wait(30)
        return found

    monkeypatch.setattr(operations, "references_of", looking)

    def remove() -> None:
        assert looked.wait(30)
        groups.delete_group(site=site, slug="eu")
        gone.set()

    return together(create(site, group="eu"), remove)


def test_who_joins_a_group_as_it_goes_is_told_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(join_as_it_goes(site, monkeypatch)) == ["done", "resource-not-found"]
    assert not Customer.objects.exists()


def test_without_a_second_try_who_joins_is_a_fault(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "in_transaction", once)

    joined, removed = join_as_it_goes(site, monkeypatch)

    assert (type(joined), removed) == (IntegrityError, None)
    assert not Customer.objects.exists()


def test_without_the_site_s_lock_who_comes_second_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of `test_of_many_at_once_one_creates` (PUT of a customer): both have found nobody."""
    monkeypatch.setattr(whole, "lock_companies", lambda _site, **_options: None)
    monkeypatch.setattr(whole, "in_transaction", once)
    point, real = MeetingPoint(2), whole._replace

    def replacing(*given: Any) -> None:
        point.wait()
        real(*given)

    monkeypatch.setattr(whole, "_replace", replacing)
    document = WholeCustomer.model_validate(TOM | {"external_id": "T-1"})

    def put() -> whole.Replaced:
        return whole.put_customer(site=site, lookup_by="platform", identifier="T-1", document=document, **BY)

    results = together(put, put)

    assert len([result for result in results if isinstance(result, Conflict | IntegrityError)]) == 1
    assert Customer.objects.count() == 1
