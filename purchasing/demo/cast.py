"""Who is in the demo: merchants and their business customers. Data. Both merchants know companies of the same names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from purchasing.demo.catalogue import CLIMBING, OUTDOOR, Item


@dataclass(frozen=True, slots=True)
class Merchant:
    """A site with its shelf, where it is and what it charges."""

    slug: str
    name: str
    shelf: Mapping[str, Item]
    tax_rate: Decimal
    freight: Decimal
    currency_code: str
    settings: Mapping[str, Any]
    staff_name: str
    staff_email: str
    tells_all: bool
    """Whether every story is told here; else only those marked `everywhere`."""


JONES = Merchant(
    slug="jones-climbing",
    name="Jones Climbing",
    shelf=CLIMBING,
    tax_rate=Decimal(20),
    freight=Decimal("7.50"),
    currency_code="GBP",
    settings={"default_currency": "GBP", "default_tax_rate": "20", "time_zone": "Europe/London", "net_terms_days": 30},
    staff_name="Ann Carter",
    staff_email="ann@jones-climbing.example",
    tells_all=True,
)
SUMMIT = Merchant(
    slug="summit-outdoor",
    name="Summit Outdoor",
    shelf=OUTDOOR,
    tax_rate=Decimal(19),
    freight=Decimal("9.90"),
    currency_code="EUR",
    settings={
        "default_currency": "EUR",
        "default_tax_rate": "19",
        "time_zone": "Europe/Berlin",
        "charge_posting": "all_orders",
        "net_terms_days": 14,
    },
    staff_name="Jonas Weber",
    staff_email="jonas@summit-outdoor.example",
    tells_all=False,
)
MERCHANTS = (JONES, SUMMIT)


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer, known to the merchants by `key`, which is also its external id there."""

    key: str
    company: str
    first_name: str
    last_name: str
    email: str
    address: tuple[str, str, str, str]
    """Street, city, postal code, country."""
    currency_code: str = "GBP"
    parent: str = ""
    role: str = ""
    on_account: bool = False
    credit_limit: Decimal | None = None
    net_terms: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the customer."""


BUYERS = (
    Buyer(
        "tom-jones",
        "Tom Jones Climbing",
        "Tom",
        "Jones",
        "tom@tomjones-climbing.example",
        ("7 Philosophy Way", "Willerby", "HU10 6MK", "GB"),
        on_account=True,
        credit_limit=Decimal(5000),
    ),
    Buyer(
        "summit-supplies",
        "Summit Supplies",
        "Priya",
        "Nair",
        "buying@summit-supplies.example",
        ("14 Quarry Road", "Matlock", "DE4 3AQ", "GB"),
        on_account=True,
        credit_limit=Decimal(8000),
        net_terms=45,
    ),
    Buyer(
        "peak-centres",
        "Peak Outdoor Centres",
        "Helen",
        "Marsh",
        "accounts@peak-centres.example",
        ("The Old Mill, Station Road", "Hathersage", "S32 1DD", "GB"),
        on_account=True,
        credit_limit=Decimal(20000),
        net_terms=60,
    ),
    Buyer(
        "peak-edale",
        "Peak Outdoor Centres – Edale",
        "Marcus",
        "Bell",
        "edale@peak-centres.example",
        ("Grindsbrook Barn", "Edale", "S33 7ZD", "GB"),
        parent="peak-centres",
    ),
    Buyer(
        "peak-stanage",
        "Peak Outdoor Centres – Stanage",
        "Aoife",
        "Byrne",
        "stanage@peak-centres.example",
        ("Hollin Bank", "Hathersage", "S32 1BR", "GB"),
        parent="peak-centres",
        role="limited-customer",
    ),
    Buyer(
        "peak-finance",
        "Peak Outdoor Centres – Finance",
        "George",
        "Okafor",
        "finance@peak-centres.example",
        ("The Old Mill, Station Road", "Hathersage", "S32 1DD", "GB"),
        parent="peak-centres",
        role="main",
    ),
    Buyer(
        "boulder-barn",
        "The Boulder Barn",
        "Sam",
        "Whitlock",
        "sam@boulder-barn.example",
        ("Unit 4, Canal Wharf", "Leeds", "LS11 5PS", "GB"),
        on_account=True,
        credit_limit=Decimal(2500),
        net_terms=14,
    ),
    Buyer(
        "alpenhaus",
        "Alpenhaus Sport GmbH",
        "Katrin",
        "Huber",
        "einkauf@alpenhaus.example",
        ("Bahnhofstraße 21", "Garmisch-Partenkirchen", "82467", "DE"),
        currency_code="EUR",
        on_account=True,
        extra={"vatin_numbers": ["DE811907980"], "tax_exempt": True, "group": "overseas"},
    ),
    Buyer(
        "granite-state",
        "Granite State Gear",
        "Wes",
        "Aldrich",
        "wes@granite-state.example",
        ("118 Kancamagus Hwy", "Conway, NH", "03818", "US"),
        currency_code="USD",
        extra={"tax_exempt": True, "group": "overseas"},
    ),
    Buyer(
        "yama-works",
        "Yama Works",
        "Hana",
        "Sato",
        "hana@yama-works.example",
        ("2-11-3 Kanda-Jinbocho", "Tokyo", "101-0051", "JP"),
        currency_code="JPY",
        extra={"tax_exempt": True, "group": "overseas"},
    ),
    Buyer(
        "field-sales",
        "",
        "Rhys",
        "Powell",
        "rhys@field-sales.example",
        ("3 Chapel Terrace", "Llanberis", "LL55 4TA", "GB"),
        role="sales-agent",
    ),
)
"""The first two are the ones with logins: unrelated, top-level."""

WITH_LOGIN = ("tom-jones", "summit-supplies")

PHONE = "01632 960 100"
"""A number that is never given to anybody."""
