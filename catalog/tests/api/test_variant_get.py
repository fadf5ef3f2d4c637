"""GET /api/v1/variants/{id}."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from catalog.tests.cast import PRODUCTS, VARIANTS, at, make_location, make_product, members, sample, variant_of
from core.models import Site
from customers.models import CustomerGroup
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer


def test_the_answer_has_the_reference_s_members(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    product = make_product(site, "A", variants=[at(location, sample("variant-patch.request"))])

    answer = api.get(f"{VARIANTS}/IDV001")

    assert members(answer.json()) == members(sample("variant.answer"))
    assert answer.json() == api.get(f"{PRODUCTS}/{product.public_id}").json()["variants"][0]


def test_by_our_id_and_by_its_own(api: ApiCaller, site: Site) -> None:
    make_product(site, variants=[{"sku": "A", "external_id": "a/b c%?"}])

    names = (variant_of(site, "A").public_id, quote("a/b c%?", safe=""))

    assert [api.get(f"{VARIANTS}/{name}").json()["sku"] for name in names] == ["A", "A"]


@pytest.mark.parametrize("name", ["pv_0", "pv_999999", "pv_", "pp_1", "unknown", "A", "stock"])
def test_what_is_not_there(api: ApiCaller, site: Site, name: str) -> None:
    make_product(site, "A")
    assert api.get(f"{VARIANTS}/{name}").status_code == 404


def test_a_customer_reads_live_ones(site: Site) -> None:
    buyer = make_buyer(site)
    assert buyer.user is not None
    person = make_person_caller(site, buyer.user)
    variants = [{"sku": "A", "external_id": "a", "status": "live"}, {"sku": "B", "external_id": "b"}]
    make_product(site, variants=variants)

    answers = [person.get(f"{VARIANTS}/{name}") for name in ("a", "b", "unknown")]

    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert answers[1].content == answers[2].content
    assert person.patch(f"{VARIANTS}/a", json={"status": "live"}).status_code == 403
    assert person.get(f"{VARIANTS}/A/stock").status_code == 403


@pytest.mark.parametrize("group", ["trade", "default", "climbers"])
def test_a_customer_reads_the_selling_rules_that_decide_for_him(api: ApiCaller, site: Site, group: str) -> None:
    buyer = make_buyer(site, group=CustomerGroup.objects.for_site(site).get_or_create(site=site, slug=group)[0])
    assert buyer.user is not None
    person = make_person_caller(site, buyer.user)
    rules = [{"customer_group": name, "pack_size": 6} for name in ("rivals", "default", "trade")]
    variant = {"sku": "A", "external_id": "a", "status": "live", "settings": rules}
    product = make_product(site, variants=[variant])
    shown = {"trade": ["default", "trade"], "default": ["default"], "climbers": ["default"]}[group]

    for caller, expected in ((person, shown), (api, ["rivals", "default", "trade"])):
        one, listed = caller.get(f"{VARIANTS}/a").json(), caller.get(VARIANTS).json()
        inside, in_list = caller.get(f"{PRODUCTS}/{product.public_id}").json(), caller.get(PRODUCTS).json()
        answered = [one, *listed, *inside["variants"], *in_list[0]["variants"]]
        assert [[rule["customer_group"] for rule in row["settings"]] for row in answered] == [expected] * 4
