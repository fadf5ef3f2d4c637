"""Preconditions."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from core.api.etag import if_match, if_none_match


@pytest.mark.parametrize(
    ("header", "current", "matches"),
    [
        ('"1.r1.0"', '"1.r1.0"', True),
        ('"1.r1.0"', '"1.r2.0"', False),
        ('W/"1.r1.0"', '"1.r1.0"', True),
        ('"a", "1.r1.0"', '"1.r1.0"', True),
        ('"a",W/"b" , "c"', '"b"', True),
        ("*", '"1.r1.0"', True),
        ("*", None, False),
        ('"1.r1.0"', None, False),
        ('"*"', '"1.r1.0"', False),
        ("1.r1.0", '"1.r1.0"', False),
        ("", '"1.r1.0"', False),
        ('"1.R1.0"', '"1.r1.0"', False),
    ],
)
def test_match(header: str, current: str | None, matches: bool) -> None:
    request = RequestFactory().get("/", headers={"If-Match": header, "If-None-Match": header})
    for tags in (if_match(request), if_none_match(request)):
        assert tags is not None
        assert tags.match(current) is matches


def test_a_header_that_was_not_sent_asks_for_nothing() -> None:
    request = RequestFactory().get("/")
    assert (if_match(request), if_none_match(request)) == (None, None)
