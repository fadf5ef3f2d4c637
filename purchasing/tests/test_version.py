"""The version of a purchase, both ways."""

from __future__ import annotations

import pytest

from purchasing.version import revision_of, version_tag


def test_a_version_names_its_revision() -> None:
    assert version_tag(number=7, revision=3, changes=2) == '"7.r3.2"'
    assert revision_of('"7.r3.2"', number=7) == 3


@pytest.mark.parametrize(
    "tag", ['"8.r3.2"', "7.r3.2", '"7.r3"', '"7.r٣.2"', "*", "", '"7.r3.2" ', f'"7.r{"9" * 20}.2"']
)
def test_what_is_no_version_of_it_names_none(tag: str) -> None:
    assert revision_of(tag, number=7) is None
