"""GET /api/v1/purchases/{lookupBy}/{identifier}/revisions."""

from __future__ import annotations

import pytest

from core.models import Site
from purchasing.tests.bodies import PURCHASES, order, payment
from tests.callers import ApiCaller, make_caller

PATH = f"{PURCHASES}/internal/I-1"


def test_every_accepted_change_with_its_author(api: ApiCaller, site: Site) -> None:
    shop = make_caller(site, name="Shop")
    first = api.put(PATH, json=order()).json()
    api.put(PATH, json=order())
    second = shop.put(PATH, json=order(customer_reference="PO", metadata=[{"name": "k"}])).json()
    api.put(f"{PATH}/transactions", json=payment())
    assert api.put(PATH, json=order(type="quote")).status_code == 409

    assert api.get(f"{PATH}/revisions").json() == [
        {"revision": 1, "at": first["revision_date"], "by": "client:ERP", "summary": "created"},
        {
            "revision": 2,
            "at": second["revision_date"],
            "by": "client:Shop",
            "summary": "changed customer_reference, metadata",
        },
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [("internal/unknown", 404), ("sparklayer/I-1", 404), ("number/I-1", 400)],
)
def test_what_names_none(api: ApiCaller, path: str, status: int) -> None:
    assert api.get(f"{PURCHASES}/{path}/revisions").status_code == status
