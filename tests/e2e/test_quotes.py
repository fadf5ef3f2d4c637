"""A quote in a browser: accepted by a limited customer, trimmed and approved by a main user, an order for both."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from core.models import Site
from purchasing.models import Purchase
from tests.cast import line, make_buyer, make_order, package
from tests.e2e.conftest import MakeContext
from tests.e2e.test_my_account import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_quote_approval_order(make_context: MakeContext, site: Site, scripts: bool) -> None:
    company = make_buyer(site)
    ann = make_buyer(site, parent=company, first_name="Ann", role="limited-customer")
    quote = make_order(
        site,
        company,
        child=ann,
        type="quote",
        identifiers={"visible": "Q-1"},
        packages=[package(line("ROPE-60", quantity=3, net="30.00"), line("SHOE-42", net="50.00"))],
    )
    hers, his = (make_context(java_script_enabled=scripts).new_page() for _ in range(2))
    sign_in(hers, ann)
    sign_in(his, company)

    hers.get_by_role("link", name="Quotes and approvals").click()
    hers.get_by_role("link", name="Q-1").click()
    expect(hers.get_by_text("A main user of your company then has to approve it.")).to_be_visible()
    hers.get_by_role("button", name="Accept for £80.00").click()
    expect(hers.get_by_role("status")).to_contain_text("You have accepted the quote.")
    expect(hers.get_by_role("heading", level=1)).to_have_text("Approval of Q-1")
    expect(hers.get_by_role("button", name="Approve for")).to_have_count(0)

    his.get_by_role("link", name="Quotes and approvals").click()
    his.get_by_role("link", name="Q-1").click()
    two_tabs = his.context.new_page()
    two_tabs.goto(his.url)
    approve_less(his)
    expect(his.get_by_role("button", name="Approve for £20.00")).to_be_visible()

    two_tabs.get_by_role("button", name="Approve for £80.00").click()
    expect(two_tabs.get_by_role("alert")).to_contain_text("This was not done")
    expect(two_tabs.get_by_role("row", name=re.compile("Total"))).to_contain_text("£80.00 £20.00")

    his.get_by_role("button", name="Approve for £20.00").click()
    expect(his.get_by_role("heading", level=1)).to_have_text("Order Q-1")
    assert Purchase.objects.get(pk=quote.pk).type == "order"
    hers.reload()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Order Q-1")


def approve_less(page: Page) -> None:
    form = page.get_by_role("region", name="Approve less")
    form.get_by_label("Product ROPE-60").fill("2")
    form.get_by_label("Product SHOE-42").fill("0")
    form.get_by_role("button", name="Change the quantities").click()
    expect(page.get_by_role("status")).to_contain_text("The quantities are changed.")
