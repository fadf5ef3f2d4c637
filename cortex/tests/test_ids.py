"""Opaque ids, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cortex.ids import decode, encode


def test_the_sample_of_the_reference() -> None:
    assert encode("20196") == "giydcojw="
    assert decode("giydcojw=") == "20196"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_every_key_comes_back(key: str) -> None:
    name = encode(key)
    assert (name.count("="), name[-1]) == (1, "=")
    assert decode(name) == key


@pytest.mark.parametrize(
    "name", ["", "=", "20196", "GIYDCOJW=", "giydcojw", "giydcojw==", "giydcojw= ", "ü=", "a=", "0=", "g" * 500]
)
def test_what_was_not_made_here_is_no_id(name: str) -> None:
    assert decode(name) is None
