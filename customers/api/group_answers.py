"""Customer groups and their settings as they are answered: declared for the schema, and made from rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, Field, RootModel

from core.api.renderer import json_number
from core.money import plain
from customers.group_documents import ORDER_TOTALS
from customers.models import DEFAULT_GROUP, CustomerGroup, OrderMinimum


class GroupAnswer(BaseModel):
    """A customer group."""

    slug: str = Field(examples=["eu_gbp"])
    name: str
    parent_slug: str | None = Field(description="Null: the group `default`, which comes under no other.")
    price_lists: list[str] = Field(
        default_factory=list, description="Slugs in the order of trial; left out where the group has none of its own."
    )


class GroupRows(RootModel[list[GroupAnswer]]):
    """All customer groups, by slug."""


class MinimumAnswer(BaseModel):
    """What an order in one currency has to come to."""

    currency_code: str = Field(examples=["gbp"])
    minimum_value: float
    compare_type: Literal["gross", "net"]


class GroupSettingAnswer(BaseModel):
    """A setting of a group."""

    key: Literal["orderTotalsValidation"]
    value: list[MinimumAnswer]


class GroupSettingRows(RootModel[list[GroupSettingAnswer]]):
    """What a group sets itself."""


def groups_answered(groups: Iterable[CustomerGroup]) -> list[dict[str, Any]]:
    """Groups that came with their parents."""
    return [
        {
            "slug": group.slug,
            "name": group.name,
            "parent_slug": None
            if group.slug == DEFAULT_GROUP
            else group.parent.slug
            if group.parent
            else DEFAULT_GROUP,
            # The reference's groups have no price lists: one that was given none is answered as there.
            **({"price_lists": group.price_lists} if group.price_lists else {}),
        }
        for group in groups
    ]


def group_settings_answered(minimums: Iterable[OrderMinimum]) -> list[dict[str, Any]]:
    """The settings of one group, from what it asks of an order in each currency."""
    value = [
        {
            "currency_code": minimum.currency_code.lower(),
            "minimum_value": json_number(plain(minimum.minimum_value)),
            "compare_type": minimum.compare_type,
        }
        for minimum in minimums
    ]
    return [{"key": ORDER_TOTALS, "value": value}] if value else []
