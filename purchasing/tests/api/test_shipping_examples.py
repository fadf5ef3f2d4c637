"""The examples of the API's description of shipping methods are what the API takes and answers."""

from __future__ import annotations

from typing import Any

import pytest
from drf_spectacular.utils import OpenApiExample
from pydantic import BaseModel

from purchasing.api import shipping_examples as examples
from purchasing.shipping.answers import MethodAnswer, MethodRows
from purchasing.shipping.documents import MethodChange, NewMethod


@pytest.mark.parametrize(
    ("example", "model"),
    [
        (examples.METHOD_CREATED, NewMethod),
        (examples.METHOD_PATCHED, MethodChange),
        (examples.METHOD, MethodAnswer),
        (examples.METHODS, MethodRows),
    ],
    ids=lambda value: getattr(value, "name", None) or getattr(value, "__name__", ""),
)
def test_an_example_is_one_of_its_kind(example: OpenApiExample, model: type[BaseModel]) -> None:
    value: Any = example.value
    read: Any = model.model_validate(value).model_dump(mode="json", exclude_unset=True)
    sent, kept = (value[0], read[0]) if isinstance(value, list) else (value, read)

    assert kept.keys() == sent.keys()
    assert [band.keys() for band in kept.get("bands", [])] == [band.keys() for band in sent.get("bands", [])]
