"""PUT: which purchase is meant, and which identifiers it has afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.actors import SYSTEM
from core.errors import Conflict, DomainError, InvalidDocument, NotFound, NotPermitted
from core.models import Site
from purchasing.identity import read_lookup
from purchasing.models import Purchase
from purchasing.operations import delete_purchase
from purchasing.putting import Outcome, Put
from purchasing.tests.bakers import by_spark_id, delete, order, put, stored

X = "8f14e45f-ceea-467f-a83a-0e5cb3f7a8a1"
Y = "45c48cce-2e2d-4fbd-aa1a-fc51c7c6ad26"


def named(site: Site, lookup: str, value: str, **identifiers: Any) -> Put:
    """A PUT under this look-up whose body names these identifiers."""
    return put(site, order(purchase_identifiers=identifiers), lookup=read_lookup(lookup, value))


def identifiers(purchase: Put) -> dict[str, str]:
    stored = purchase.purchase
    return {"platform": stored.platform_id, "internal": stored.internal_id, "visible": stored.visible_id}


# --- (1) path and body of one kind must agree -------------------------------------------------------------------------


def test_another_sparklayer_id_in_the_body_than_in_the_path(site: Site) -> None:
    with pytest.raises(NotPermitted) as refusal:
        named(site, "sparklayer", X, sparklayer=Y)
    assert [fault.property for fault in refusal.value.faults] == ["purchase_identifiers.sparklayer"]
    assert not Purchase.objects.exists()


@pytest.mark.parametrize("kind", ["platform", "internal", "visible"])
@pytest.mark.parametrize("value", ["other", "one ", "ONE", None])
def test_another_identifier_in_the_body_than_in_the_path(site: Site, kind: str, value: str | None) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        named(site, kind, "one", **{kind: value})
    assert [(fault.code, fault.property) for fault in refusal.value.faults] == [
        ("idMismatch", f"purchase_identifiers.{kind}")
    ]


@pytest.mark.parametrize("kind", ["platform", "internal", "visible"])
@pytest.mark.parametrize("value", ["one", ""])
def test_the_path_fills_what_the_body_does_not_say(site: Site, kind: str, value: str) -> None:
    made = named(site, kind, "one", **{kind: value})
    assert identifiers(made)[kind] == "one"


def test_the_sparklayer_id_of_the_path_in_any_letter_case(site: Site) -> None:
    made = named(site, "sparklayer", X.upper(), sparklayer=X)
    assert made.purchase.spark_id == UUID(X)


# --- (2) a sparklayer id is never changed -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["platform", "internal", "visible"])
def test_another_identifier_finds_a_purchase_with_another_sparklayer_id(site: Site, kind: str) -> None:
    named(site, "sparklayer", X, **{kind: "one"})

    for lookup, value, body in (
        (kind, "one", {"sparklayer": Y}),
        ("sparklayer", Y, {kind: "one"}),
    ):
        with pytest.raises(NotPermitted) as refusal:
            named(site, lookup, value, **body)
        assert refusal.value.status == 403


def test_even_when_the_sparklayer_id_finds_one_too(site: Site) -> None:
    named(site, "sparklayer", X, internal="one")
    named(site, "sparklayer", Y)
    with pytest.raises(NotPermitted):
        named(site, "sparklayer", Y, internal="one")


# --- (3) more than one is found ---------------------------------------------------------------------------------------


def test_identifiers_of_two_purchases(site: Site) -> None:
    named(site, "internal", "one")
    named(site, "visible", "two")

    with pytest.raises(Conflict) as refusal:
        named(site, "internal", "one", visible="two", platform="three")
    assert {(fault.code, fault.property) for fault in refusal.value.faults} == {
        ("identifier-conflict", "purchase_identifiers.internal"),
        ("identifier-conflict", "purchase_identifiers.visible"),
    }


# --- (4) one is found: it is replaced ---------------------------------------------------------------------------------


def test_any_identifier_finds_it_and_new_ones_are_taken_over(site: Site) -> None:
    first = named(site, "internal", "one")
    for kind in ("platform", "visible"):
        again = named(site, "internal", "one", **{kind: f"my {kind}"})
        assert (again.outcome, again.purchase.id) == (Outcome.UPDATED, first.purchase.id)
    for lookup, value in (
        ("platform", "my platform"),
        ("visible", "my visible"),
        ("sparklayer", str(first.purchase.spark_id)),
    ):
        again = named(site, lookup, value)
        assert (again.outcome, again.purchase.id) == (Outcome.UNCHANGED, first.purchase.id)
        assert identifiers(again) == {"platform": "my platform", "internal": "one", "visible": "my visible"}


@pytest.mark.parametrize("said", [{}, {"platform": ""}])
def test_absent_or_empty_keeps(site: Site, said: dict[str, str]) -> None:
    named(site, "internal", "one", platform="p", visible="v")
    assert identifiers(named(site, "internal", "one", **said)) == {"platform": "p", "internal": "one", "visible": "v"}


def test_null_removes(site: Site) -> None:
    named(site, "internal", "one", platform="p", visible="v")
    assert identifiers(named(site, "internal", "one", platform=None)) == {
        "platform": "",
        "internal": "one",
        "visible": "v",
    }


def test_null_for_the_sparklayer_id_is_refused(site: Site) -> None:
    with pytest.raises(InvalidDocument):
        named(site, "internal", "one", sparklayer=None)


def test_a_rename_goes_through_another_look_up(site: Site) -> None:
    first = named(site, "internal", "one", visible="old")
    renamed = named(site, "internal", "one", visible="new")
    assert renamed.purchase.id == first.purchase.id
    assert identifiers(renamed)["visible"] == "new"


# --- (5) none is found: it is created ---------------------------------------------------------------------------------


def test_created_with_all_of_them(site: Site) -> None:
    made = named(site, "platform", "p", sparklayer=X, internal="i", visible="v")
    assert made.outcome is Outcome.CREATED
    assert made.purchase.spark_id == UUID(X)
    assert made.purchase.revision == 1
    assert identifiers(made) == {"platform": "p", "internal": "i", "visible": "v"}


def test_created_under_a_sparklayer_id(site: Site) -> None:
    assert named(site, "sparklayer", X).purchase.spark_id == UUID(X)


def test_a_sparklayer_id_is_made_when_none_is_named(site: Site) -> None:
    assert named(site, "internal", "one").purchase.spark_id.version == 7


def test_identifiers_are_exact(site: Site) -> None:
    ids = {named(site, "internal", value).purchase.id for value in ("one", "One", "one ", " one", "öne", "o\u0308ne")}
    assert len(ids) == 6


def test_the_same_identifiers_on_two_sites_are_two_purchases(site: Site, other_site: Site) -> None:
    one = named(site, "internal", "one", platform="p", sparklayer=X)
    two = named(other_site, "internal", "one", platform="p", sparklayer=X)
    assert one.purchase.id != two.purchase.id
    assert two.outcome is Outcome.CREATED


# --- what a path may say ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1",
        X[:-1],
        X + "0",
        X.replace("-", ""),
        f"{{{X}}}",
        f"urn:uuid:{X}",
        X.replace("8f", "8g"),
        f" {X}",
        f"{X}\n",
    ],
)
def test_a_sparklayer_id_is_written_8_4_4_4_12(value: str) -> None:
    with pytest.raises(InvalidDocument):
        read_lookup("sparklayer", value)
    with pytest.raises(NotFound):
        read_lookup("sparklayer", value, reading=True)


@pytest.mark.parametrize("value", ["", "x" * 256, "a\x00b"])
def test_an_identifier_has_1_to_255_characters(value: str) -> None:
    with pytest.raises(InvalidDocument):
        read_lookup("internal", value)
    with pytest.raises(NotFound):
        read_lookup("internal", value, reading=True)


@pytest.mark.parametrize("kind", ["", "id", "Internal", "external"])
@pytest.mark.parametrize("reading", [False, True])
def test_there_are_four_look_ups(kind: str, reading: bool) -> None:
    with pytest.raises(InvalidDocument):
        read_lookup(kind, "1", reading=reading)


# --- deletion and re-birth --------------------------------------------------------------------------------------------


def test_a_deleted_purchase_frees_its_identifiers(site: Site) -> None:
    first = named(site, "internal", "one", sparklayer=X, platform="p", visible="v")
    named(site, "internal", "one", visible="w")
    delete(site, "one")

    again = named(site, "internal", "one", sparklayer=X, platform="p", visible="v")

    assert (again.outcome, again.purchase.revision) == (Outcome.CREATED, 1)
    assert again.purchase.id != first.purchase.id
    assert again.purchase.etag != first.purchase.etag
    assert Purchase.objects.for_site(site).count() == 2


def test_a_tombstone_is_not_found(site: Site) -> None:
    made = put(site, order())
    delete(site)
    for lookup in (by_spark_id(made.purchase.spark_id), read_lookup("internal", "A-1")):
        with pytest.raises(NotFound):
            delete_purchase(site=site, lookup=lookup, actor=SYSTEM)


def test_a_refusal_writes_nothing(site: Site) -> None:
    put(site, order())
    before = stored(site)
    with pytest.raises(DomainError):
        named(site, "internal", "A-1", sparklayer=X)
    assert stored(site).changed_at == before.changed_at
