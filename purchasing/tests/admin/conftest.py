"""A purchase that staff work on."""

from __future__ import annotations

import pytest

from core.models import Site
from customers.models import Customer
from purchasing.models import Purchase
from tests.cast import line, make_customer, make_order, package


@pytest.fixture
def customer(site: Site) -> Customer:
    return make_customer(site)


@pytest.fixture
def purchase(site: Site, customer: Customer) -> Purchase:
    """On account, of two lines and a shipping cost, with everything in it that no form shows."""
    return make_order(
        site,
        customer,
        identifiers={"visible": "JC-1", "internal": "i-1"},
        payment_method="on_account",
        customer_reference="PO 7",
        dates={"placed_at": "2026-01-31T09:30:00.123456+00:00", "updated_at": "2026-01-31T09:31:00+00:00"},
        metadata=[{"name": "till", "value": "3"}, {"name": "note", "value": None}],
        custom_fields=[{"name": "colour", "value": "red"}],
        billing_address={"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB"},
        packages=[
            package(
                line(
                    "ROPE-60",
                    quantity=3,
                    net="300.00",
                    custom_attributes=[{"key": "length", "value": "60 m"}],
                    line_total={"total_net": {"number": "300.125", "currency": "GBP"}, "tax_rate": 17.5},
                ),
                line("CHALK", quantity=10, net="50.00"),
                identifiers={"visible": "P-1"},
                shipping_method={
                    "name": "Courier",
                    "line_total": {"total_net": {"number": "5", "currency": "GBP"}, "tax_rate": 20},
                },
                shipments=[
                    {"carrier": "DPD", "tracking_number": "1", "carrier_id": "dpd"},
                    {"carrier": "UPS", "tracking_number": "2"},
                ],
            )
        ],
    )
