"""Shipping methods on the wire, as they are sent. What is answered: `purchasing.shipping.answers`.

The reference spells one member `prority`; `priority` is read as well, and where both are sent its own spelling counts.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from core.documents import Change, CountryCode, CurrencyCode, Whole, fault, not_one_of_ours, read_digits
from core.ids import SHIPPING_METHOD
from core.money import read_decimal
from customers.documents import read_group
from customers.models import DEFAULT_GROUP
from purchasing.models.shipping import HIGHEST_PRIORITY

MAX_ENTRIES = 1_000

Value = TypeVar("Value")


def _not_negative(value: Any) -> Decimal:
    number = read_decimal(value)
    if number < 0:
        raise ValueError("must not be negative")
    return number


Number = Annotated[Decimal, BeforeValidator(_not_negative), WithJsonSchema({"type": "number", "minimum": 0})]
Priority = Annotated[int, Whole(0, HIGHEST_PRIORITY)]
Text50 = Annotated[str, Field(strict=True, min_length=1, max_length=50)]
MethodSku = Annotated[Text50, BeforeValidator(read_digits), not_one_of_ours(SHIPPING_METHOD)]
Group = Annotated[
    str, Field(strict=True, min_length=1, max_length=30), BeforeValidator(read_digits), AfterValidator(read_group)
]
Countries = Annotated[list[CountryCode], Field(min_length=1, max_length=MAX_ENTRIES)]


class RequirementDocument(Change):
    """For which goods a band holds: `weight` in grams, or `price`, their value with tax, in orders of this currency."""

    needed = frozenset({"type"})

    type: Literal["weight", "price"]
    min: Number = Field(Decimal(0), description="Still included.")
    max: Number | None = Field(None, description="Still included. Null or 0: no limit.")
    currency_code: CurrencyCode | None = Field(None, description="Needed for `price`.", validate_default=True)

    @field_validator("currency_code")
    @classmethod
    def _of_a_price(cls, value: str | None, info: ValidationInfo) -> str | None:
        return _needed(value) if info.data.get("type") == "price" else None

    @model_validator(mode="after")
    def _hold_something(self) -> Self:
        if self.max and self.max < self.min:
            raise fault("invalid", "max must not be below min")
        return self


class CostDocument(Change):
    """What a band costs: `free` nothing, `fixed` the same whatever is sent, in orders of this currency."""

    needed = frozenset({"type"})

    type: Literal["free", "fixed"]
    amount: Number | None = Field(None, description="With tax. Needed for `fixed`.", validate_default=True)
    currency_code: CurrencyCode | None = Field(None, description="Needed for `fixed`.", validate_default=True)

    @field_validator("amount", "currency_code")
    @classmethod
    def _of_a_fixed_cost(cls, value: Any, info: ValidationInfo) -> Any:
        return _needed(value) if info.data.get("type") == "fixed" else None


def _needed(value: Value | None) -> Value:
    if value is None:
        raise fault("required", "This member is required")
    return value


class BandDocument(Change):
    """What a method costs for goods of some weight or value."""

    needed = frozenset({"cost"})

    name: Annotated[str, Field(strict=True, max_length=255)] = ""
    priority: Priority = Field(0, description="Lower first: the first band that fits counts.")
    sku: Annotated[str, Field(strict=True, max_length=50), BeforeValidator(read_digits)] = ""
    requirement: RequirementDocument | None = Field(None, description="Null: any goods.")
    cost: CostDocument

    @model_validator(mode="after")
    def _one_currency(self) -> Self:
        if len(self._currencies) > 1:
            raise fault("currency-mismatch", "has its requirement in one currency and its cost in another")
        return self

    @property
    def _currencies(self) -> set[str]:
        parts = (self.requirement, self.cost)
        return {part.currency_code for part in parts if part is not None and part.currency_code}

    @property
    def currency_code(self) -> str:
        """The one of its money; empty when it names none."""
        return next(iter(self._currencies), "")


class MethodChange(Change):
    """What changes of a shipping method. `countries`, `groups` and `bands` are replaced when sent."""

    needed = frozenset({"sku", "title", "countries"})

    sku: MethodSku = Field("", description="Yours; unique on the site, and taken wherever the id is. Not `sm_…`.")
    title: Text50 = ""
    prority: Priority = Field(0, description="Lower first. The reference's own spelling; `priority` is read as well.")
    countries: Countries = Field(default_factory=list, description="Codes of 2 or 3 letters, kept as sent.")
    groups: list[Group] = Field(
        default_factory=lambda: [DEFAULT_GROUP],
        max_length=MAX_ENTRIES,
        description="Slugs of customer groups, which need not exist yet; those below them are meant too. "
        "`default` covers all; an empty list nobody.",
    )
    bands: list[BandDocument] = Field(
        default_factory=list, max_length=MAX_ENTRIES, description="Without one that fits the method is not offered."
    )

    @model_validator(mode="before")
    @classmethod
    def _read_priority(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("prority") is None and data.get("priority") is not None:
            return {**data, "prority": data["priority"]}
        return data


class NewMethod(MethodChange):
    """A shipping method to set up."""

    sku: MethodSku = Field(description="Yours; unique on the site, and taken wherever the id is. Not `sm_…`.")
    title: Text50
    countries: Countries = Field(description="Codes of 2 or 3 letters, kept as sent.")
