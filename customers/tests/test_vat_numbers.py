"""VAT numbers are judged by the rules of the country they begin with; those of others are kept as sent."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from customers.documents import VatNumber

READ = TypeAdapter[str](VatNumber)


@pytest.mark.parametrize(
    "number",
    [
        "GB999999973",
        "GB 980 7806 84",
        "gb980780684",
        "DE136695976",
        "DE 136,695 976",
        "FR40303265045",
        "ATU13585627",
        "EL094259216",
        "CHE-107.787.577 IVA",
        "NO995525828MVA",
        "US 12-345",
        "AU51824753556",
        "12345",
        "",
    ],
)
def test_what_is_right_or_of_nobody_s_rules_is_kept_as_sent(number: str) -> None:
    assert READ.validate_python(number) == number


@pytest.mark.parametrize(
    "number",
    ["GB999999974", "DE136695978", "FR", "EL123456789", "CHE-107.787.578 IVA", "NO995525829MVA", "GB", "x" * 65],
)
def test_what_is_wrong_is_a_fault(number: str) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python(number)
