"""GET /api/v1/customers/{id}/addresses."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from customers.tests.cast import make_address, make_customer
from tests.callers import ApiCaller

CUSTOMERS = "/api/v1/customers"


def test_answers_all_of_them_oldest_first(api: ApiCaller, site: Site) -> None:
    customer, other = make_customer(site, external_id="X1"), make_customer(site, "other")
    make_address(other)
    assert api.get(f"{CUSTOMERS}/X1/addresses").json() == []
    counts = []
    for number in range(50):
        make_address(customer, nickname=str(number))
        if number in (0, 49):
            with CaptureQueriesContext(connection) as queries:
                rows = api.get(f"{CUSTOMERS}/X1/addresses").json()
            counts.append(len(queries))
            assert [row["nickname"] for row in rows] == [str(index) for index in range(number + 1)]
    assert counts == [2, 2]
    assert rows == api.get(f"{CUSTOMERS}/{customer.public_id}").json()["addresses"]


def test_only_its_own_site_reads_them(api: ApiCaller, other_site: Site) -> None:
    theirs = make_customer(other_site, external_id="X1")
    make_address(theirs)
    for identifier in (theirs.public_id, "X1"):
        assert api.get(f"{CUSTOMERS}/{identifier}/addresses").status_code == 404


def test_needs_the_scope_to_read(read_only_api: ApiCaller, site: Site) -> None:
    assert read_only_api.get(f"{CUSTOMERS}/{make_customer(site).public_id}/addresses").status_code == 200
