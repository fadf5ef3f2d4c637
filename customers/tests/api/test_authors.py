"""Who an entry of the ledger is by: programs are told the member of staff or the program, customers neither."""

from __future__ import annotations

import pytest

from core.actors import Actor, ActorKind
from core.models import Site
from customers.tests.cast import post_manual
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer

ANN = Actor(ActorKind.STAFF, "ann@jones-climbing.example")
ERP = Actor(ActorKind.CLIENT, "ERP")


@pytest.mark.parametrize("form", ["ledger", "statement", "ledger.csv", "statement.csv"])
def test_staff_and_programs_have_no_names_for_customers(api: ApiCaller, site: Site, form: str) -> None:
    customer = make_buyer(site)
    assert customer.user is not None
    post_manual(customer, "5.00", reference="by Ann", author=ANN)
    post_manual(customer, "6.00", reference="by the program", author=ERP)
    buyer = make_person_caller(site, customer.user)
    path = f"/api/v1/customers/{customer.public_id}/{form}"

    whole, told = (b"".join(caller.get(path)) for caller in (api, buyer))

    assert b"staff:ann@jones-climbing.example" in whole
    assert b"client:ERP" in whole
    assert told == whole.replace(b"staff:ann@jones-climbing.example", b"staff").replace(b"client:ERP", b"client")
