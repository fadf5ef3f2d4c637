"""The examples of the API's description are what the API takes and answers."""

from __future__ import annotations

import pytest
from drf_spectacular.utils import OpenApiExample
from pydantic import BaseModel

from catalog import documents
from catalog.api import answers, examples
from catalog.tests.cast import members


@pytest.mark.parametrize(
    ("example", "model"),
    [
        (examples.PRODUCT_CREATED, documents.NewProduct),
        (examples.PRODUCT_PATCHED, documents.ProductChange),
        (examples.VARIANT_PATCHED, documents.VariantChange),
        (examples.STOCK_PATCHED, documents.StockLevels),
        (examples.STOCK_ASKED, documents.StockQuestion),
        (examples.STOCK_BATCH, documents.StockRows),
        (examples.STOCK_REMOVED, documents.StockRemoval),
        (examples.LOCATION_CREATED, documents.NewLocation),
        (examples.LOCATION_PATCHED, documents.LocationChange),
        (examples.PRODUCT, answers.ProductAnswer),
        (examples.PRODUCTS, answers.ProductRows),
        (examples.VARIANT, answers.VariantAnswer),
        (examples.VARIANTS, answers.VariantRows),
        (examples.STOCK, answers.StockAnswers),
        (examples.STOCK_FETCHED, answers.SkuStocks),
        (examples.LOCATION, answers.LocationAnswer),
        (examples.LOCATIONS, answers.LocationRows),
    ],
    ids=lambda value: getattr(value, "name", None) or getattr(value, "__name__", ""),
)
def test_an_example_is_one_of_its_kind_and_has_no_other_members(
    example: OpenApiExample, model: type[BaseModel]
) -> None:
    read = model.model_validate(example.value).model_dump(mode="json", exclude_unset=True)
    kept = members(example.value)
    if model is documents.NewProduct:
        # Null of a member that may not be null counts as not sent; these may.
        assert members(read)["variants"][0].keys() == kept["variants"][0].keys()
    else:
        assert members(read) == kept
