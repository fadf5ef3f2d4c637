"""What a purchase is found by: the lexemes and queries by themselves, and PostgreSQL's word on them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core import sql
from core.models import Site
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.search import BYTES, WORDS, fold, lexemes_of, query_of, quoted, search_of
from purchasing.tests.bakers import delete, line, make_customer, order, package, put

pytestmark = pytest.mark.django_db

# What a document may hold; PostgreSQL and JSON know neither NUL nor lone surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=255)
HOSTILE = [
    *("'", "''", "\\", "\\'", "a'b", "a\\b", ":*", "a:*", "&", "|", "!", "a & b", "(", ")", "<->", "<1>", "'a':*"),
    *(
        '"',
        "%",
        "_",
        "*",
        "a:b",
        "7:rope",
        "7=rope",
        "ﬀ",
        "İstanbul",
        "ß",
        "é",
        "e\u0301",
        "\u200b",
        "\t",
        "🧗",
        "x" * 255,
    ),
]
FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def matches(lexemes: list[str], query: str | None) -> bool:
    return bool(sql.fetch("SELECT array_to_tsvector($1::text[]) @@ $2::tsquery", [lexemes, query])[0][0])


def found(site: Site, text: str) -> list[str]:
    """The internal ids of what a search finds."""
    rows = Purchase.objects.for_site(site).present().found_by(text, sites=[site.pk])
    return sorted(rows.values_list("internal_id", flat=True))


@FAST
@given(text=texts)
@example(text="🧗" * 255)
@example(text="ﷺ" * 255)
@example(text="İ" * 255)
def test_any_token_is_found_by_itself_and_by_its_beginning(text: str) -> None:
    whole = fold(text)
    lexemes = [f"7={whole[:255]}"] if whole else []
    for beginning in (text, whole, whole[:10]):
        query = query_of(beginning, site_ids=[7])
        assert (query is None) == (fold(beginning) == "")
        if query and beginning in (text, whole):
            assert matches(lexemes, query)
            assert not matches([lexeme.replace("7=", "77=") for lexeme in lexemes], query)


@FAST
@given(text=texts)
def test_any_lexeme_is_kept_as_it_is(text: str) -> None:
    (kept,) = sql.fetch("SELECT tsvector_to_array($1::tsvector)", [quoted(f"7={text}")])
    assert kept[0] == [f"7={text}"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_identifiers_are_found(site: Site, text: str) -> None:
    goods = package(line(sku=text, name_parent="Rope"))
    put(site, order(goods, customer_reference=f"{text}2", purchase_identifiers={"visible": text}))
    put(site, order(package(line(sku="S", name_parent="Chalk"))), "other")
    for asked in (text, f"{text}2", text.upper()):
        if fold(asked):
            assert found(site, asked) == ["A-1"]


@FAST
@given(text=st.text(max_size=300).filter(lambda text: "\0" not in text and text.isprintable()), sites=st.integers(1, 3))
def test_any_text_can_be_asked_for(text: str, sites: int) -> None:
    query = query_of(text, site_ids=range(1, sites + 1))
    if query is not None:
        matches(["1:a", "2=b"], query)


def test_words_and_tokens(site: Site) -> None:
    company = make_customer(site, "Höhenrausch & Söhne")
    child = make_customer(site, "Gipfel GmbH", parent=company)
    address = {
        "name": "Ellis Park",
        "company": "Dockside Traders",
        "address_line1": "12 Quay Street",
        "address_line2": "Gate B",
        "city": "Whitby",
        "postal_code": "YO21 1QG",
        "country_code": "GB",
    }
    goods = package(
        line(sku="RP/60 X", name_parent="Dry rope", name_child="Orange, 60 m"),
        identifiers={"platform": "ship-1", "internal": "PK-9", "visible": "Box 3"},
        shipping_address=address,
    )
    body = order(
        goods,
        customer=company,
        customer_reference="PO 2026/0815",
        purchase_identifiers={"platform": "gid://shop/Order/77", "visible": "#1001"},
        billing_address={**address, "company": "Billing House"},
    )
    body["customer_identifiers"]["sparklayer_child"] = child.public_id
    purchase = put(site, body, "SO-4711").purchase
    put(site, order(package(line(sku="S", name_parent="Chalk"))), "other")
    spark_package = Purchase.objects.get(pk=purchase.id).packages.get().spark_package_id

    for text in (
        *("SO-4711", "so-47", "4711", "#1001", "1001", "gid://shop/order/77", "GID://SHOP", "order 77"),
        *(str(purchase.spark_id), str(purchase.spark_id)[:30].upper(), f"o_{purchase.id}", company.public_id),
        *(child.public_id, "PO 2026/0815", "po 2026", "0815", "ship-1", "pk-9", "box 3", str(spark_package)),
        *("RP/60 X", "rp/6", "dry", "rop", "dry rope", "rope dry", "ora 60", "orange, 60 m", "höhen", "SÖHNE"),
        *("gipfel", "billing", "dockside", "ellis", "12 quay", "gate b", "whitby", "yo21 1qg", "YO21 1", "rope whitby"),
        "  whitby  ",
    ):
        assert found(site, text) == ["SO-4711"], text
    for text in ("o4711", "ope", "rope nothing", "x", "house billing whitbyx", "gb", "", "   ", "'", "%"):
        assert found(site, text) == [], text


def test_what_changes_is_found_by_what_it_is_now(site: Site) -> None:
    put(site, order(package(line(sku="OLD-1")), customer_reference="first"))
    put(site, order(package(line(sku="NEW-1")), customer_reference="second"))
    assert (found(site, "OLD-1"), found(site, "first")) == ([], [])
    assert (found(site, "NEW-1"), found(site, "second")) == (["A-1"], ["A-1"])
    delete(site, "A-1")
    assert found(site, "NEW-1") == []


def test_one_site_finds_nothing_of_another(site: Site, other_site: Site) -> None:
    put(site, order(customer_reference="PO 7"), "OURS")
    put(other_site, order(customer_reference="PO 7"), "THEIRS")
    assert (found(site, "PO 7"), found(other_site, "PO 7")) == (["OURS"], ["THEIRS"])
    for text in (f"{other_site.pk}=po 7", f"{other_site.pk}:po", f"' | '{other_site.pk}=po 7"):
        assert found(site, text) == []
    both = Purchase.objects.found_by("PO 7", sites=[site.pk, other_site.pk])
    assert both.count() == 2


def test_a_purchase_with_more_than_has_room_is_found_by_identifiers_and_skus(site: Site) -> None:
    lines = [
        line(sku=f"SKU-{number}-{'s' * 20}", name_parent=f"{number:05}{'🧗ä' * 125}", name_child=f"child{number}")
        for number in range(5000)
    ]
    put(site, order(package(*lines), customer_reference="PO 1"))
    for text in ("A-1", "PO 1", "sku-0-", f"SKU-4999-{'s' * 20}"):
        assert found(site, text) == ["A-1"], text


def test_the_room_is_bounded() -> None:
    header = {
        "purchase_identifiers": dict.fromkeys(("sparklayer", "platform", "internal", "visible"), "🧗" * 255),
        "customer_identifiers": {"sparklayer": None, "sparklayer_child": "cu_7", "sparklayer_impersonator": None},
        "customer_reference": "🧗" * 512,
        "billing_address": None,
    }
    item = {"name_parent": "name", "name_child": ""}
    lines = [{**item, "identifiers": {"sku": f"{number}{'🧗' * 250}"}} for number in range(10_000)]
    contents: dict[str, Any] = {"packages": [{"identifiers": {}, "shipping_address": None, "line_items": lines}]}
    lexemes = lexemes_of(site_id=7, number=1, header=header, contents=contents, companies=["Tom"])
    assert BYTES - 2_000 < sum(len(lexeme.encode()) for lexeme in lexemes) <= BYTES
    assert max(len(lexeme.encode()) for lexeme in lexemes) < 2_046
    assert {"7=o_1", "7=cu_7"} <= set(lexemes)
    (size,) = sql.fetch("SELECT length(array_to_tsvector($1::text[]))", [lexemes])
    assert size[0] == len(lexemes)


def test_so_many_words_count() -> None:
    search = search_of(" ".join(f"w{number}" for number in range(50)), site_id=7)
    assert search is not None
    assert len(search.words) == WORDS
    assert search_of("rope ROPE rope", site_id=7) == search_of("rope rope ROPE", site_id=7)


class TestRebuilding:
    @pytest.fixture(autouse=True)
    def purchases(self, site: Site, other_site: Site, company: Customer) -> None:
        put(site, order(customer=company, customer_reference="PO 1"), "A-1")
        put(site, order(customer_reference="PO 2"), "A-2")
        put(other_site, order(customer_reference="PO 3"), "A-3")
        delete(site, "A-2")

    def test_works_out_what_was_written(self, capsys: pytest.CaptureFixture[str]) -> None:
        before = self._words()
        call_command("rebuild_search")
        assert capsys.readouterr().out == "Purchases that are found by other words now: 0.\n"
        self._spoil("NULL")
        call_command("rebuild_search", missing=True)
        assert capsys.readouterr().out == "Purchases that are found by other words now: 3.\n"
        assert self._words() == before

    def test_what_is_wrong_is_put_right(self, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
        before = self._words()
        self._spoil("'nonsense'")
        call_command("rebuild_search", missing=True)
        assert capsys.readouterr().out == "Purchases that are found by other words now: 0.\n"
        call_command("rebuild_search", site=site.slug)
        assert capsys.readouterr().out == "Purchases that are found by other words now: 2.\n"
        after = self._words()
        assert after.pop("A-3") == "'nonsense'"
        del before["A-3"]
        assert after == before

    def test_customers_are_found_as_they_are_called_now(self, site: Site, company: Customer) -> None:
        Customer.objects.filter(pk=company.pk).update(company_name="Renamed")
        assert found(site, "Renamed") == []
        call_command("rebuild_search")
        assert found(site, "Renamed") == ["A-1"]

    def test_an_unknown_site_is_said(self) -> None:
        with pytest.raises(CommandError, match="There is no site nowhere"):
            call_command("rebuild_search", site="nowhere")

    def _spoil(self, words: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE purchasing_purchase SET words = {words}")

    def _words(self) -> dict[str, Any]:
        return dict(Purchase.objects.values_list("internal_id", "words"))
