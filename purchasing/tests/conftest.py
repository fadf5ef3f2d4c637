"""The cast of purchasing's tests: a company, who buys for it, and somebody else."""

from __future__ import annotations

import pytest

from core.models import Site
from customers.models import Customer
from purchasing.tests.bakers import make_customer


@pytest.fixture
def company(site: Site) -> Customer:
    return make_customer(site)


@pytest.fixture
def child(site: Site, company: Customer) -> Customer:
    return make_customer(site, "Tom Jones Climbing, Wales", parent=company)


@pytest.fixture
def summit(site: Site) -> Customer:
    return make_customer(site, "Summit Supplies")
