"""`/account/customers/`: a sales agent picks the customer whose purchases his lists show."""

from __future__ import annotations

import pytest
from django.test import Client

from core.models import Site
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.tests.pages.conftest import sign_in, words_of
from purchasing.tests.test_statements import server_log
from tests.cast import line, make_buyer, make_customer, make_order, package

CUSTOMERS, PICK = "/account/customers/", "/account/customers/pick/"


@pytest.fixture
def agent(site: Site) -> Client:
    return sign_in(make_buyer(site, "Agency", role="sales-agent", sales_agent_groups=["north"]))


@pytest.fixture
def people(site: Site) -> dict[str, Customer]:
    """Two companies that the agent sees, one with a child, and one that he does not see; each with purchases."""
    jones = make_customer(site, "Jones", sales_agent_groups=["north"])
    people = {
        "jones": jones,
        "child": make_customer(site, "Jones", first_name="Ann", parent=jones),
        "summit": make_customer(site, "Summit", sales_agent_groups=["north"]),
        "hidden": make_customer(site, "Hidden"),
    }
    for name, customer in people.items():
        buyer = customer.parent or customer
        child = customer if customer.parent else None
        for kind in ("order", "quote"):
            make_order(
                site,
                buyer,
                child=child,
                type=kind,
                identifiers={"visible": f"{name}-{kind}"},
                packages=[package(line(name.upper()))],
            )
    return people


def listed(agent: Client) -> tuple[set[str], set[str], set[str]]:
    """Orders, quotes, and what is still to come."""
    return (
        {row.number for row in agent.get("/account/orders/").context["page"].rows},
        {row.purchase.number for row in agent.get("/account/quotes/").context["page"].rows},
        {row.sku for row in agent.get("/account/to-come/").context["page"].rows},
    )


def of(*names: str) -> tuple[set[str], set[str], set[str]]:
    return {f"{n}-order" for n in names}, {f"{n}-quote" for n in names}, {n.upper() for n in names}


@pytest.mark.parametrize(
    ("picked", "shown"), [("jones", ("jones", "child")), ("child", ("child",)), ("summit", ("summit",))]
)
def test_lists_are_of_whom_he_has_picked(
    agent: Client, people: dict[str, Customer], picked: str, shown: tuple[str, ...]
) -> None:
    assert listed(agent) == of("jones", "child", "summit")

    assert agent.post(PICK, {"customer": people[picked].public_id})["Location"] == "/account/orders/"

    assert listed(agent) == of(*shown)
    assert f"Purchases of {people[picked]} · Change" in words_of(agent.get("/account/orders/"))
    other = Purchase.objects.get(visible_id="summit-order")
    assert agent.get(f"/account/orders/{other.spark_id}/").status_code == 200
    agent.post(PICK, {"customer": ""})
    assert listed(agent) == of("jones", "child", "summit")


def test_whom_he_does_not_see_he_cannot_pick(agent: Client, other_site: Site, people: dict[str, Customer]) -> None:
    there = make_customer(other_site)
    assert "Hidden" not in words_of(agent.get(CUSTOMERS))

    for name in (people["hidden"].public_id, there.public_id, "cu_999999999", "x", str(people["jones"].pk)):
        assert agent.post(PICK, {"customer": name}).status_code == 404

    assert listed(agent) == of("jones", "child", "summit")


def test_who_is_out_of_sight_is_picked_no_more(agent: Client, people: dict[str, Customer]) -> None:
    agent.post(PICK, {"customer": people["summit"].public_id})
    Customer.objects.filter(pk=people["summit"].pk).update(sales_agent_groups=["south"])

    assert listed(agent) == of("jones", "child")


@pytest.mark.parametrize(("search", "found"), [("", 4), ("summit", 1), ("jones ann", 1), ("%", 0), ("\0", 0)])
def test_search(agent: Client, people: dict[str, Customer], search: str, found: int) -> None:
    Customer.objects.exclude(company_name="Agency").filter(company_name="Hidden").update(sales_agent_groups=["south"])
    Customer.objects.filter(company_name="Agency").update(last_name="Agent")

    answer = agent.get(CUSTOMERS, {"search": search})

    assert answer.status_code == 200
    assert len(answer.context["page"].rows) == found


def test_fifty_customers_cost_as_many_statements_as_one(agent: Client, site: Site) -> None:
    counts = []
    for rows in (1, 50):
        for _ in range(rows - Customer.objects.count()):
            make_customer(site, sales_agent_groups=["north"])
        with server_log() as log:
            assert len(agent.get(CUSTOMERS).context["page"].rows) == rows
        counts.append(len(log.statements))

    assert counts[0] == counts[1] < 10
