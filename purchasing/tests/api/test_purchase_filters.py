"""GET /api/v1/purchases: every parameter with something it finds, something it does not, and a value it refuses."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest

from core.models import Site
from purchasing.api.filters import ALIASES, KNOWN, OF_DELETED
from purchasing.tests.bodies import PURCHASES, faults, order, payment
from tests.callers import ApiCaller, make_person_caller
from tests.cast import line, make_buyer, make_customer, package

ID = "purchase_identifiers"
SPARK_ID = "63428136-658f-48a6-beb7-7f333dfd9686"
EURO: dict[str, Any] = {"line_total": {"total_net": {"number": "10.00", "currency": "EUR"}}}
SHIPPED: dict[str, Any] = {"type": "shipment", "dates": {"shipped_at": "2026-01-12T00:00:00Z"}}
LONG = "x" * 1001


@pytest.fixture
def three(api: ApiCaller, site: Site) -> dict[str, str]:
    """Three purchases that differ in everything a parameter asks for; what `{…}` in the cases stands for.

    A: an order of HEAD, shipped and paid. B: a quote of CHILD in euro. C: a cart of nobody, never paid.
    """
    customers = {name: make_customer(site, external_id=name).public_id for name in ("HEAD", "CHILD", "AGENT")}
    bodies = {
        "A": order(
            purchase_identifiers={"sparklayer": SPARK_ID, "platform": "gid://1/A", "visible": "#1001"},
            customer_identifiers={
                "sparklayer": "HEAD",
                "sparklayer_child": "CHILD",
                "sparklayer_impersonator": "AGENT",
            },
            customer_reference="PO 4711",
            dates={"placed_at": "2026-01-10T00:00:00Z", "created_at": "2026-03-01T00:00:00Z"},
            packages=[package(line("ROPE-60"), **SHIPPED)],
        ),
        "B": order(
            type="quote",
            currency_code="EUR",
            customer_identifiers={"sparklayer": "CHILD"},
            dates={"placed_at": "2026-02-10T00:00:00Z"},
            packages=[package(line("CHALK", **EURO))],
        ),
        "C": order(type="order_unconfirmed", packages=[package(line("SLING"))]),
    }
    for name, body in bodies.items():
        assert api.put(f"{PURCHASES}/internal/{name}", json=body).status_code == 200
    assert api.put(f"{PURCHASES}/internal/A/transactions", json=payment(total="10.00")).status_code == 200
    cursor = _cursor(api.get(f"{PURCHASES}?limit=1"))
    return {**customers, "after_the_first": cursor}


def _cursor(answer: Any) -> str:
    link: str = answer["Link"]
    return link.partition("cursor=")[2].partition("&")[0].partition(">")[0]


# parameter, value → what it finds in the order of the list; a value that finds nothing; a value that is refused.
CASES: list[tuple[str, str, list[str], str | None, str]] = [
    ("customer_identifiers[sparklayer]", "HEAD", ["A"], "AGENT", LONG),
    ("customer_identifiers[sparklayer]", "{CHILD}", ["B"], "cu_999999999", LONG),
    ("customer_identifiers[sparklayer_impersonator]", "AGENT", ["A"], "HEAD", LONG),
    ("customer_identifiers[sparklayer_sales_rep]", "{AGENT}", ["A"], "", LONG),
    ("customer_identifiers[sparklayer_child]", "CHILD", ["A"], "HEAD", LONG),
    (f"{ID}[sparklayer]", SPARK_ID, ["A"], SPARK_ID.replace("6", "7"), "A"),
    (f"{ID}[sparklayer]", SPARK_ID.upper(), ["A"], SPARK_ID.replace("6", "7"), f"{{{SPARK_ID}}}"),
    (f"{ID}[platform]", "gid://1/A", ["A"], "gid://1/a", LONG),
    (f"{ID}[internal]", "B", ["B"], "b", LONG),
    (f"{ID}[visible]", "#1001", ["A"], "", LONG),
    ("customer_reference", "PO 4711", ["A"], "PO 47", LONG),
    ("customer_reference", "PO 4711", ["A"], "", LONG),
    ("type", "quote", ["B"], "cart", "Quote"),
    ("calculated_fulfilment_status", "shipped", ["A"], "returned", "complete"),
    ("calculated_fulfilment_status", "null", ["B"], "cancelled", ""),
    ("calculated_payment_status", "paid", ["A"], "overpaid", "open"),
    ("calculated_payment_status", "null", ["B"], "refunded", "none"),
    ("has_outstanding", "true", ["C"], None, "1"),
    ("has_outstanding", "false", ["B", "A"], None, "False"),
    ("currency_code", "EUR", ["B"], "USD", "XXX"),
    ("currency_code", "gBp", ["C", "A"], "usd", "euro"),
    ("currency_code", "eur", ["B"], "JPY", ""),
    ("dates[placed][gte]", "2026-02-10", ["B"], "2026-02-11", "soon"),
    ("dates[placed][lte]", "2026-02-09", ["A"], "2026-01-09", "2026-02-30"),
    ("dates[last_updated][gte]", "2020-01-01", ["C", "B", "A"], "2999-01-01", "1800-01-01"),
    ("dates[last_updated][lte]", "2999-01-01", ["C", "B", "A"], "2020-01-01", "infinity"),
    ("dates[last_updated[gte]", "2020-01-01", ["C", "B", "A"], "2999-01-01", "x"),
    ("dates[last_updated[lte]", "2999-01-01", ["C", "B", "A"], "2020-01-01", "x"),
    ("search", "po 47", ["A"], "o 4711", " "),
    ("search", "sling", ["C"], "ling", ""),
    ("order_by", "placed_at", ["A", "B", "C"], None, "total"),
    ("order_by", "visible", ["B", "C", "A"], None, "-"),
    ("order_by", "-created_at", ["C", "B", "A"], None, "+visible"),
    ("deleted", "false", ["C", "B", "A"], None, "yes"),
    ("limit", "1", ["C"], None, "0"),
    ("offset", "1", ["B", "A"], "3", "-1"),
    ("cursor", "{after_the_first}", ["B", "A"], None, "after"),
    ("count", "true", ["C", "B", "A"], None, "all"),
]


def asked(api: ApiCaller, **parameters: str) -> Any:
    return api.get(f"{PURCHASES}?{urlencode(parameters)}")


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["purchase_identifiers"]["internal"] for row in answer.json()]


def test_no_parameter_is_without_its_case() -> None:
    assert {name for name, *_ in CASES} == {*KNOWN, *ALIASES}


@pytest.mark.parametrize(("name", "value", "found"), [case[:3] for case in CASES])
def test_finds(api: ApiCaller, three: dict[str, str], name: str, value: str, found: list[str]) -> None:
    answer = asked(api, **{name: value.format(**three)})
    assert names(answer) == found


@pytest.mark.parametrize(("name", "value"), [(case[0], case[3]) for case in CASES if case[3] is not None])
def test_finds_nothing(api: ApiCaller, three: dict[str, str], name: str, value: str) -> None:
    assert names(asked(api, **{name: value})) == []


@pytest.mark.parametrize(("name", "value"), [(case[0], case[4]) for case in CASES])
def test_a_value_that_is_none_is_refused_by_its_name(api: ApiCaller, name: str, value: str) -> None:
    answer = asked(api, **{name: value})
    assert (answer.status_code, faults(answer)) == (400, [("invalid", name)]) or (
        name in ALIASES and faults(answer) == [("invalid", ALIASES[name])]
    )


def test_every_filter_narrows_every_other(api: ApiCaller, three: dict[str, str]) -> None:
    of_a = {name: value.format(**three) for name, value, found, *_ in CASES if found == ["A"] and name not in ALIASES}
    assert names(asked(api, **of_a)) == ["A"]
    for name, value in (("type", "quote"), ("has_outstanding", "true"), ("search", "sling"), ("currency_code", "EUR")):
        assert names(asked(api, **{**of_a, name: value})) == []


class TestCount:
    def test_says_how_many_there_are_on_all_pages(self, api: ApiCaller, three: dict[str, str]) -> None:
        assert asked(api, count="true", limit="1")["X-Total-Count"] == "3"
        assert asked(api, count="true", limit="1", offset="2")["X-Total-Count"] == "3"
        assert asked(api, count="true", limit="1", cursor=three["after_the_first"])["X-Total-Count"] == "3"
        assert asked(api, count="true", type="quote")["X-Total-Count"] == "1"
        assert asked(api, count="true", search="product sling")["X-Total-Count"] == "1"
        assert asked(api, count="true", type="cart")["X-Total-Count"] == "0"

    def test_is_asked_for(self, api: ApiCaller, three: dict[str, str]) -> None:
        assert "X-Total-Count" not in asked(api)
        assert "X-Total-Count" not in asked(api, count="false")

    def test_goes_on_with_the_link(self, api: ApiCaller, three: dict[str, str]) -> None:
        assert "count=true" in asked(api, count="true", limit="1")["Link"]


class TestDeleted:
    @pytest.fixture(autouse=True)
    def gone(self, api: ApiCaller, three: dict[str, str]) -> None:
        for name in ("C", "B"):
            assert api.delete(f"{PURCHASES}/internal/{name}").status_code == 204

    def test_are_told_by_identifiers_and_time_oldest_deletion_first(self, api: ApiCaller) -> None:
        rows = asked(api, deleted="true").json()
        assert [row["purchase_identifiers"]["internal"] for row in rows] == ["C", "B"]
        times = [row["deleted_at"] for row in rows]
        assert times == sorted(times)
        assert set(rows[0]) == {"purchase_identifiers", "deleted_at"}
        assert names(asked(api)) == ["A"]

    def test_a_poller_asks_from_the_last_it_saw(self, api: ApiCaller) -> None:
        first, second = (row["deleted_at"] for row in asked(api, deleted="true").json())
        assert names(asked(api, deleted="true", **{"dates[last_updated][gte]": second})) == ["B"]
        assert names(asked(api, deleted="true", **{"dates[last_updated][lte]": first})) == ["C"]

    def test_pages_lead_on(self, api: ApiCaller) -> None:
        first = asked(api, deleted="true", limit="1", count="true")
        assert (names(first), first["X-Total-Count"]) == (["C"], "2")
        second = asked(api, deleted="true", limit="1", cursor=_cursor(first))
        assert names(second) == ["B"]
        assert names(asked(api, deleted="true", offset="1")) == ["B"]
        assert faults(asked(api, cursor=_cursor(first))) == [("invalid", "cursor")]

    @pytest.mark.parametrize("name", sorted(set(KNOWN) - set(OF_DELETED)))
    def test_are_not_filtered_otherwise(self, api: ApiCaller, three: dict[str, str], name: str) -> None:
        value = next(value for case, value, *_ in CASES if case == name).format(**three)
        answer = asked(api, deleted="true", **{name: value})
        assert (answer.status_code, faults(answer)) == (400, [("invalid", name)])

    def test_one_that_is_there_again_is_another(self, api: ApiCaller) -> None:
        assert api.put(f"{PURCHASES}/internal/B", json=order()).status_code == 200
        assert names(asked(api, deleted="true")) == ["C", "B"]
        assert names(asked(api, **{f"{ID}[internal]": "B"})) == ["B"]

    def test_are_told_to_programs_alone(self, site: Site) -> None:
        buyer = make_buyer(site)
        assert buyer.user
        assert asked(make_person_caller(site, buyer.user), deleted="true").status_code == 403

    def test_are_those_of_the_site(self, other_api: ApiCaller) -> None:
        assert asked(other_api, deleted="true").json() == []


def test_a_blank_identifier_is_nobodys(api: ApiCaller) -> None:
    api.put(f"{PURCHASES}/internal/A", json=order())
    for kind in ("platform", "visible"):
        assert names(api.get(f"{PURCHASES}?{quote(f'{ID}[{kind}]', safe='')}=")) == []
