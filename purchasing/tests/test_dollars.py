"""calculated_total_usd: found once, frozen, and filled when rates arrive."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.models import Site
from core.money import EXPONENTS
from pricing.models import ExchangeRate
from pricing.publishing import announce
from pricing.tests.rates import FRIDAY, publish
from purchasing.models import PurchaseRevision
from purchasing.tests.bakers import answer, delete, get, line, order, package, pay, put, stored
from purchasing.totals import in_dollars
from tests.callers import ApiCaller

MORNING = f"{FRIDAY}T10:00:00Z"
URL = "/api/v1/purchases/internal/A-1"


def placed(at: str | None, *packages: dict[str, Any], **members: Any) -> dict[str, Any]:
    return order(*packages, dates={"placed_at": at} if at else {}, **members)


def in_currency(code: str, amount: str) -> dict[str, Any]:
    return package(line(amount, currency=code))


def dollars(site: Site, name: str = "A-1") -> str | None:
    """What is answered, a plain number; checks that the warning stands exactly when there is none."""
    document = get(site, name)
    total = document["calculated_total_usd"]
    warned = "usd-rate-missing" in {item["code"] for item in document["warnings"]}
    assert warned == (total is None)
    assert total is None or total["currency"] == "USD"
    return None if total is None else str(total["number"])


# --- the arithmetic ---------------------------------------------------------------------------------------------------


def table() -> list[list[str]]:
    """The worked table of docs/money.md, section 2: total, currency, rate, US dollars."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "money.md").read_text()
    _, _, rest = page.partition("| total | dollars for one | in US dollars |\n")
    lines = rest.split("\n\n", 1)[0].splitlines()[1:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len(rows) >= 6
    return rows


@pytest.mark.parametrize(("total", "rate", "expected"), [row[:3] for row in table()])
@pytest.mark.django_db
def test_the_worked_table(site: Site, total: str, rate: str, expected: str) -> None:
    amount, code = total.replace(",", "").split()
    if code != "USD":
        publish(rate, code)
    put(site, placed(MORNING, in_currency(code, amount)))
    assert dollars(site) == expected.replace(",", "")


@given(
    code=st.sampled_from(["JPY", "KWD", "EUR"]),
    units=st.integers(0, 10**15),
    rate=st.decimals("0.0000000000000001", "9999", places=16),
)
def test_it_is_the_nearest_cent_and_the_half_goes_up(code: str, units: int, rate: Decimal) -> None:
    total = Decimal(units).scaleb(-EXPONENTS[code])
    result = in_dollars(total, rate)

    # In whole numbers: what is left between the exact product and the answer, in units of 10^-(16 + exponent).
    scale = 16 + EXPONENTS[code]
    exact = units * int(rate.scaleb(16))
    cents = int(result.scaleb(2))
    rest = exact - cents * 10 ** (scale - 2)
    assert result.as_tuple().exponent == -2
    assert -(10 ** (scale - 2)) <= 2 * rest < 10 ** (scale - 2)


def test_it_is_rounded_once_and_from_the_total(site: Site) -> None:
    """Three lines of 0.10 at 1.25 are 0.38, not three times 0.13."""
    publish("1.25")
    put(site, placed(MORNING, package(*(line("0.10", sku=sku) for sku in "ABC"))))
    assert dollars(site) == "0.38"
    assert in_dollars(Decimal("0.10"), Decimal("1.25")) == Decimal("0.13")


# --- which rate -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param("2026-01-02T23:59:59Z", "125.00", id="Friday"),
        pytest.param("2026-01-03T12:00:00Z", "125.00", id="Saturday: Friday's"),
        pytest.param("2026-01-04T12:00:00Z", "125.00", id="Sunday: Friday's"),
        pytest.param("2026-01-05T00:00:00Z", "130.00", id="Monday's own"),
        pytest.param("2026-01-05T00:30:00+01:00", "125.00", id="Monday in Rome is Sunday in UTC"),
        pytest.param("2026-01-01T23:59:59Z", None, id="nothing was published yet"),
        pytest.param("2026-03-06T23:59:59Z", "130.00", id="60 days later"),
        pytest.param("2026-03-07T00:00:00Z", None, id="61 days later"),
    ],
)
def test_the_rate_of_the_day_it_was_placed(site: Site, at: str, expected: str | None) -> None:
    publish("1.25")
    publish("1.30", day=date(2026, 1, 5))
    put(site, placed(at))
    assert dollars(site) == expected


@pytest.mark.parametrize(
    ("type", "expected"),
    [pytest.param("order", "130.00", id="submitted"), pytest.param("cart", "125.00", id="not submitted: created")],
)
def test_without_placed_at_it_is_the_day_of_submission_else_of_creation(site: Site, type: str, expected: str) -> None:
    publish("1.25")
    publish("1.30", day=date(2026, 1, 5))
    body = order(type=type, dates={"created_at": MORNING})
    put(site, body, now=datetime(2026, 1, 6, tzinfo=UTC))
    assert dollars(site) == expected


def test_a_dollar_is_a_dollar(site: Site) -> None:
    put(site, placed(MORNING, in_currency("USD", "12.345")))
    purchase = stored(site)
    assert dollars(site) == "12.35"
    assert (purchase.usd_rate, purchase.usd_rate_date, purchase.usd_rate_source) == (Decimal(1), FRIDAY, "par")


def test_dollars_that_were_stored_before_there_were_rates_stand_at_par(site: Site) -> None:
    """As the migration finds them and leaves them; the books, looked into after every test, agree."""
    put(site, placed(MORNING, in_currency("USD", "12.34")), "A-1")
    put(site, placed(MORNING), "A-2")
    migration = import_module("purchasing.migrations.0004_dollars_at_par").Migration
    with connection.cursor() as cursor:
        cursor.execute(migration.operations[0].reverse_sql)
        assert stored(site).calculated_total_usd is None
        cursor.execute(migration.operations[0].sql)
    assert (dollars(site), dollars(site, "A-2")) == ("12.34", None)


def test_rate_day_and_source_stand_with_the_purchase(site: Site) -> None:
    publish("1.25", source="treasury")
    put(site, placed("2026-01-04T12:00:00Z"))
    purchase = stored(site)
    assert (purchase.usd_rate, purchase.usd_rate_date, purchase.usd_rate_source) == (
        Decimal("1.25"),
        FRIDAY,
        "treasury",
    )


def test_without_a_rate_it_is_null_and_never_0(site: Site) -> None:
    new = put(site, placed(MORNING))
    assert new.purchase.calculated_total_usd is None
    assert answer(new.purchase)["calculated_total_usd"] is None
    assert [item["code"] for item in new.warnings] == ["usd-rate-missing"]
    assert dollars(site) is None


# --- frozen -----------------------------------------------------------------------------------------------------------


def test_newer_corrected_and_deleted_rates_change_nothing(site: Site) -> None:
    rate = publish("1.25")
    put(site, placed("2026-01-05T12:00:00Z"))
    publish("1.40", day=date(2026, 1, 5))
    ExchangeRate.objects.filter(pk=rate.pk).update(usd_per_unit=Decimal("1.50"))
    put(site, placed("2026-01-05T12:00:00Z", customer_reference="PO 7"))
    assert dollars(site) == "125.00"
    ExchangeRate.objects.all().delete()
    put(site, placed("2026-01-05T12:00:00Z", customer_reference="PO 8"))
    assert dollars(site) == "125.00"


def test_another_total_is_converted_by_the_frozen_rate(site: Site) -> None:
    publish("1.25")
    put(site, placed("2026-01-05T12:00:00Z"))
    publish("1.40", day=date(2026, 1, 5))
    put(site, placed("2026-01-05T12:00:00Z", package(line("200"))))
    assert dollars(site) == "250.00"
    put(site, placed("2026-01-05T12:00:00Z", package(line("200"), type="cancelled")))
    assert dollars(site) == "0.00"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(placed("2026-01-05T12:00:00Z"), "140.00", id="another day"),
        pytest.param(placed("2026-01-02T11:00:00Z"), "150.00", id="another hour: worked out again, as it says"),
        pytest.param(placed("2025-12-01T12:00:00Z"), None, id="a day without a rate"),
        pytest.param(placed(MORNING, in_currency("EUR", "100")), "110.00", id="another currency"),
        pytest.param(placed(MORNING, in_currency("SEK", "100")), None, id="a currency without a rate"),
        pytest.param(placed(MORNING, in_currency("USD", "100")), "100.00", id="dollars"),
    ],
)
def test_another_placed_at_or_currency_asks_again(site: Site, change: dict[str, Any], expected: str | None) -> None:
    rate = publish("1.25")
    publish("1.10", "EUR")
    publish("1.40", day=date(2026, 1, 5))
    put(site, placed(MORNING))
    assert dollars(site) == "125.00"
    ExchangeRate.objects.filter(pk=rate.pk).update(usd_per_unit=Decimal("1.50"))
    put(site, change)
    assert dollars(site) == expected


def test_what_becomes_an_order_without_placed_at_keeps_its_rate(site: Site) -> None:
    publish("1.25")
    publish("1.40", day=date(2026, 1, 5))
    dates = {"created_at": MORNING}
    put(site, order(type="cart", dates=dates), now=datetime(2026, 1, 2, 12, tzinfo=UTC))
    put(site, order(dates=dates), now=datetime(2026, 1, 6, tzinfo=UTC))
    assert dollars(site) == "125.00"


def test_what_had_no_rate_asks_again_when_its_day_moves(site: Site) -> None:
    publish("1.40", day=date(2026, 1, 5))
    dates = {"created_at": MORNING}
    put(site, order(type="cart", dates=dates), now=datetime(2026, 1, 2, 12, tzinfo=UTC))
    assert dollars(site) is None
    put(site, order(dates=dates), now=datetime(2026, 1, 6, tzinfo=UTC))
    assert dollars(site) == "140.00"


# --- filled when rates arrive -----------------------------------------------------------------------------------------


def arrive() -> int:
    return announce(now=timezone.now())


def test_a_purchase_that_waited_is_filled_by_a_change_that_is_no_revision(site: Site, api: ApiCaller) -> None:
    put(
        site,
        placed(
            "2026-01-04T12:00:00Z",
            package(line(total={"total_gross": {"number": "9", "currency": "GBP"}, "tax_rate": 20})),
        ),
    )
    before = stored(site)
    tag = api.get(URL).headers["ETag"]
    publish("1.25")

    assert arrive() == 1

    after = stored(site)
    assert dollars(site) == "11.25"
    assert [item["code"] for item in after.warnings] == ["total-mismatch"]
    assert (after.usd_rate, after.usd_rate_date, after.usd_rate_source) == (Decimal("1.25"), FRIDAY, "ECB")
    assert (after.revision, after.changes) == (before.revision, before.changes + 1)
    assert PurchaseRevision.objects.count() == 1
    assert after.changed_at > before.changed_at
    assert api.get(URL).headers["ETag"] != tag
    since = {"dates[last_updated][gte]": after.changed_at.isoformat()}
    (row,) = api.get("/api/v1/purchases", params=since).json()
    assert row["calculated_total_usd"] == {"number": "11.25", "currency": "USD"}
    assert row["warnings"] == get(site)["warnings"]


def test_filling_again_changes_nothing(site: Site) -> None:
    put(site, placed(MORNING))
    publish("1.25")
    arrive()
    before = stored(site)
    publish("1.40", day=date(2026, 1, 3))

    assert arrive() == 0
    assert (stored(site).changes, stored(site).changed_at) == (before.changes, before.changed_at)


def test_every_site_is_filled_and_only_what_waited(site: Site, other_site: Site) -> None:
    publish("1.10", "EUR")
    put(site, placed(MORNING, in_currency("EUR", "100")), "frozen")
    put(site, placed(MORNING), "A-1")
    put(site, placed(MORNING, in_currency("SEK", "100")), "never")
    put(site, placed("2025-12-31T12:00:00Z"), "too early")
    put(site, placed("2026-03-04T12:00:00Z"), "too late")
    put(other_site, placed(MORNING), "A-1")
    untouched = {name: stored(site, name).etag for name in ("frozen", "never", "too early", "too late")}
    publish("1.25")

    assert arrive() == 2

    assert (dollars(site), dollars(other_site)) == ("125.00", "125.00")
    assert {name: stored(site, name).etag for name in untouched} == untouched
    assert (dollars(site, "never"), dollars(site, "too early"), dollars(site, "too late")) == (None, None, None)


def test_more_than_are_filled_at_a_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purchasing.dollars._BATCH", 2)
    names = [f"A-{number}" for number in range(5)]
    for name in names:
        put(site, placed(MORNING), name)
    publish("1.25")

    told: list[int] = []
    assert announce(now=timezone.now(), progress=told.append) == 5
    assert told == [2, 2, 1]
    assert [dollars(site, name) for name in names] == ["125.00"] * 5


def test_a_tombstone_is_left_as_it_is(site: Site) -> None:
    put(site, placed(MORNING))
    delete(site)
    publish("1.25")
    assert arrive() == 0


def test_a_payment_keeps_the_total_and_the_warning(site: Site) -> None:
    put(site, placed(MORNING))
    pay(site, "10")
    assert dollars(site) is None
    publish("1.25")
    arrive()
    pay(site, "20", id="t2")
    assert dollars(site) == "125.00"
    assert stored(site).outstanding == Decimal("70")


def test_what_was_filled_is_frozen_too(site: Site) -> None:
    put(site, placed("2026-01-06T12:00:00Z"))
    publish("1.25")
    arrive()
    publish("1.40", day=date(2026, 1, 5))
    put(site, placed("2026-01-06T12:00:00Z", package(line("300"))))
    assert dollars(site) == "375.00"


def test_the_day_of_filling_is_in_utc(site: Site) -> None:
    put(site, placed("2026-01-05T00:30:00+01:00"))
    publish("1.25")
    publish("1.40", day=FRIDAY + timedelta(days=3))
    arrive()
    assert dollars(site) == "125.00"


def test_the_half_cent_is_filled_as_it_is_written(site: Site) -> None:
    """PostgreSQL and Python round the same way."""
    put(site, placed(MORNING, in_currency("KWD", "0.005")))
    publish("1", "KWD")
    arrive()
    assert dollars(site) == str(in_dollars(Decimal("0.005"), Decimal(1))) == "0.01"
