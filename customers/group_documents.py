"""Customer groups and their settings on the wire, as they are sent. What is answered: `customers.api.group_answers`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, RootModel, WithJsonSchema, model_validator

from core.documents import Change, CurrencyCode, Document, read_digits
from core.money import read_decimal
from customers.documents import MAX_ENTRIES, Entries, PriceListSlug, read_group
from customers.models import OrderMinimum

ORDER_TOTALS = "orderTotalsValidation"
"""The one setting a group has: what an order has to come to, by currency."""
_ALL_DIGITS = re.compile(r"[0-9]+", re.ASCII)


def _slug(value: str) -> str:
    if "\n" in value or _ALL_DIGITS.fullmatch(value):
        raise ValueError("must be one line, and not digits alone")
    return value


def _minimum(value: Any) -> Decimal:
    number = read_decimal(value)
    if number < 0:
        raise ValueError("must not be negative")
    return number


GroupName = Annotated[str, Field(strict=True, min_length=1, max_length=256)]
NewSlug = Annotated[
    str,
    Field(strict=True, min_length=1, max_length=30),
    AfterValidator(_slug),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 30, "pattern": r"^(?!^\d+$)^.+$"}),
]
GroupSlug = Annotated[str, Field(strict=True, max_length=30), BeforeValidator(read_digits), AfterValidator(read_group)]
CompareType = Annotated[OrderMinimum.CompareType, WithJsonSchema({"type": "string", "enum": ["gross", "net"]})]


class GroupChange(Change):
    """What changes of a customer group. A parent that is not named is `base` again."""

    needed = frozenset({"name"})

    name: GroupName = ""
    parent_slug: GroupSlug = Field("default", description="Of a group that exists; `base`, absent or null: `default`.")
    price_lists: list[PriceListSlug] = Entries


class NewGroup(GroupChange):
    """A customer group to set up."""

    needed = frozenset({"slug", "name"})

    slug: NewSlug = Field(description="What programs call it; unique on the site, not digits alone.")
    name: GroupName


class MinimumDocument(Change):
    """What an order in one currency has to come to."""

    needed = frozenset({"currency_code", "minimum_value", "compare_type"})

    currency_code: CurrencyCode
    minimum_value: Annotated[Decimal, BeforeValidator(_minimum), WithJsonSchema({"type": "number", "minimum": 0})]
    compare_type: CompareType = Field(OrderMinimum.CompareType.GROSS, description="With tax or without.")


class GroupSettingDocument(Document):
    """A setting of a group. Null: it has none of its own."""

    key: Literal["orderTotalsValidation"]
    value: Annotated[list[MinimumDocument], Field(max_length=MAX_ENTRIES)] | None

    @model_validator(mode="after")
    def _one_per_currency(self) -> GroupSettingDocument:
        codes = [minimum.currency_code for minimum in self.value or []]
        if len(codes) != len(set(codes)):
            raise ValueError("has more than one minimum of a currency")
        return self


class GroupSettings(RootModel[Annotated[list[GroupSettingDocument], Field(max_length=MAX_ENTRIES)]]):
    """Settings of a group, each at most once; those that are not named stay."""

    @model_validator(mode="after")
    def _each_once(self) -> GroupSettings:
        if len(self.root) > 1:
            raise ValueError("names a key more than once")
        return self
