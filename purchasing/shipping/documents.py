"""Shipping methods on the wire, as they are sent. What is answered: `purchasing.shipping.answers`.

The reference spells one member `prority`; `priority` is read as well, and where both are sent its own spelling counts.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from core.documents import Change, CountryCode, CurrencyCode, fault, not_one_of_ours, read_digits
from core.ids import SHIPPING_METHOD
from core.money import read_decimal
from customers.documents import read_group
from customers.models import DEFAULT_GROUP
from purchasing.models.shipping import HIGHEST_PRIORITY

MAX_ENTRIES = 1_000


def _not_negative(value: Any) -> Decimal:
    number = read_decimal(value)
    if number < 0:
        raise ValueError("must not be negative")
    return number


def _whole(value: Any) -> Any:
    """4.0 counts as 4."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Number = Annotated[Decimal, BeforeValidator(_not_negative), WithJsonSchema({"type": "number", "minimum": 0})]
Priority = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=0, le=HIGHEST_PRIORITY)]
Text50 = Annotated[str, Field(strict=True, min_length=1, max_length=50)]
MethodSku = Annotated[Text50, BeforeValidator(read_digits), not_one_of_ours(SHIPPING_METHOD)]
Group = Annotated[
    str, Field(strict=True, min_length=1, max_length=30), BeforeValidator(read_digits), AfterValidator(read_group)
]
Countries = Annotated[list[CountryCode], Field(min_length=1, max_length=MAX_ENTRIES)]


class _Limits(Change):
    min: Number = Field(Decimal(0), description="Still included.")
    max: Number | None = Field(None, description="Still included. Null or 0: no limit.")

    @model_validator(mode="after")
    def _hold_something(self) -> Self:
        if self.max and self.max < self.min:
            raise fault("invalid", "max must not be below min")
        return self


class WeightRequirement(_Limits):
    """For goods of this weight, in grams."""

    type: Literal["weight"]


class PriceRequirement(_Limits):
    """For goods of this value, with tax, in orders of this currency."""

    needed = frozenset({"currency_code"})

    type: Literal["price"]
    currency_code: CurrencyCode


class FreeCost(Change):
    """Costs nothing."""

    type: Literal["free"]


class FixedCost(Change):
    """Costs the same whatever is sent, in orders of this currency."""

    needed = frozenset({"amount", "currency_code"})

    type: Literal["fixed"]
    amount: Number = Field(description="With tax.")
    currency_code: CurrencyCode


Requirement = Annotated[WeightRequirement | PriceRequirement, Field(discriminator="type")]
Cost = Annotated[FreeCost | FixedCost, Field(discriminator="type")]


class BandDocument(Change):
    """What a method costs for goods of some weight or value."""

    needed = frozenset({"cost"})

    name: Annotated[str, Field(strict=True, max_length=255)] = ""
    priority: Priority = Field(0, description="Lower first: the first band that fits counts.")
    sku: Annotated[str, Field(strict=True, max_length=50), BeforeValidator(read_digits)] = ""
    requirement: Requirement | None = Field(None, description="Null: any goods.")
    cost: Cost

    @model_validator(mode="after")
    def _one_currency(self) -> Self:
        if (
            isinstance(self.requirement, PriceRequirement)
            and isinstance(self.cost, FixedCost)
            and self.requirement.currency_code != self.cost.currency_code
        ):
            raise fault("currency-mismatch", "has its requirement in one currency and its cost in another")
        return self

    @property
    def currency_code(self) -> str:
        """The one of its money; empty when it names none."""
        for part in (self.requirement, self.cost):
            if isinstance(part, PriceRequirement | FixedCost):
                return part.currency_code
        return ""


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
