"""Where letters have the postal code."""

from __future__ import annotations

import pytest

from core.countries import place_line


@pytest.mark.parametrize(
    ("country_code", "line"),
    [
        ("DE", "82467 Garmisch BY"),
        ("de", "82467 Garmisch BY"),
        ("GB", "Garmisch BY 82467"),
        ("US", "Garmisch BY 82467"),
        ("Atlantis", "Garmisch BY 82467"),
        ("", "Garmisch BY 82467"),
    ],
)
def test_the_place_as_the_country_s_post_has_it(country_code: str, line: str) -> None:
    assert place_line(city="Garmisch", region_code="BY", postal_code="82467", country_code=country_code) == line


def test_what_is_not_known_leaves_no_gap() -> None:
    assert place_line(city="Roma", region_code="", postal_code="", country_code="IT") == "Roma"
    assert place_line(city="", region_code="", postal_code="", country_code="IT") == ""
