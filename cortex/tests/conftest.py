"""The demo, with a login for each of its customers."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from core.models import User
from customers.models import Customer
from purchasing.demo.stories import ROUTINE


@pytest.fixture
def demo_customers(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Customer]:
    """Everybody at both merchants, each with a login of his own; of the years of like orders only some."""
    monkeypatch.setattr("purchasing.demo.telling.ROUTINE", ROUTINE[:2])
    call_command("demo", credentials=tmp_path / "demo.env", stdout=StringIO())
    customers = list(Customer.objects.select_related("site", "user").order_by("pk"))
    for customer in customers:
        if customer.user is None:
            customer.user = User.objects.create_user(f"{customer.site.slug}.{customer.email}")
            customer.save()
    return customers
