"""All customers of a site call through one client, and share nothing for that."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import PersonCalls, Site
from core.site_settings import set_setting
from customers.models import Address, Customer
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer

ADDRESS = {"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB"}


@pytest.fixture
def tom(site: Site) -> Customer:
    return make_buyer(site)


@pytest.fixture
def ann(site: Site, tom: Customer) -> Customer:
    """A main user of Tom's company: she sees him, and may not write to him."""
    return make_buyer(site, parent=tom, role="main")


@pytest.fixture
def stranger(site: Site) -> Customer:
    return make_buyer(site, "Summit Supplies")


def caller(customer: Customer) -> ApiCaller:
    assert customer.user
    return make_person_caller(customer.site, customer.user)


def add(who: Customer, whose: Customer, **options: Any) -> Any:
    return caller(who).post(f"/api/v1/customers/{whose.public_id}/addresses", json=ADDRESS, **options)


def test_an_answer_kept_for_one_person_is_no_other_s(tom: Customer, ann: Customer, stranger: Customer) -> None:
    key = {"Idempotency-Key": "k"}
    first = add(tom, tom, headers=key)
    assert first.status_code == 200
    assert add(tom, tom, headers=key).content == first.content
    assert add(ann, tom, headers=key).status_code == 403
    assert add(stranger, tom, headers=key).status_code == 404
    assert Address.objects.count() == 1


def test_an_answer_that_was_kept_ends_with_the_customer(tom: Customer) -> None:
    key = {"Idempotency-Key": "k"}
    assert add(tom, tom, headers=key).status_code == 200
    Customer.objects.filter(pk=tom.pk).update(status="inactive")
    assert add(tom, tom, headers=key).status_code == 401


def test_each_person_is_counted_alone(site: Site, other_site: Site, tom: Customer, stranger: Customer) -> None:
    there = make_buyer(other_site, email=tom.email)
    for merchant in (site, other_site):
        set_setting(site=merchant, key="throttle_per_minute", value=2)

    def statuses(customer: Customer) -> list[int]:
        return [caller(customer).get(f"/api/v1/customers/{customer.public_id}").status_code for _ in range(3)]

    assert [statuses(who) for who in (tom, stranger, there)] == [[200, 200, 429]] * 3
    assert PersonCalls.objects.count() == 3


def test_without_a_limit_no_person_is_counted(tom: Customer) -> None:
    assert caller(tom).get(f"/api/v1/customers/{tom.public_id}").status_code == 200
    assert not PersonCalls.objects.exists()
