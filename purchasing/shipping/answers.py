"""Shipping methods as they are answered: declared for the schema, and made from rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import orjson
from pydantic import AwareDatetime, BaseModel, Field, RootModel

from core.api.renderer import core_instant, json_number
from core.money import plain
from purchasing.models import ShippingBand, ShippingMethod


class WeightAnswer(BaseModel):
    """For goods of this weight, in grams."""

    type: Literal["weight"]
    min: float
    max: float | None = Field(description="Null or 0: no limit.")


class PriceAnswer(BaseModel):
    """For goods of this value, with tax."""

    type: Literal["price"]
    min: float
    max: float | None = Field(description="Null or 0: no limit.")
    currency_code: str = Field(examples=["gbp"])


class FreeAnswer(BaseModel):
    """Costs nothing."""

    type: Literal["free"]


class FixedAnswer(BaseModel):
    """Costs the same whatever is sent."""

    type: Literal["fixed"]
    amount: float = Field(description="With tax.", examples=[4.9])
    currency_code: str = Field(examples=["gbp"])


class BandAnswer(BaseModel):
    """What a method costs for goods of some weight or value."""

    name: str
    priority: int
    sku: str
    requirement: Annotated[WeightAnswer | PriceAnswer, Field(discriminator="type")] | None
    cost: Annotated[FreeAnswer | FixedAnswer, Field(discriminator="type")]


class MethodAnswer(BaseModel):
    """A shipping method."""

    id: str = Field(examples=["sm_123"])
    created_at: AwareDatetime
    updated_at: AwareDatetime
    sku: str
    title: str
    prority: int = Field(description="Lower first; the reference's own spelling.")
    countries: list[str]
    groups: list[str]
    bands: list[BandAnswer]


class MethodRows(RootModel[list[MethodAnswer]]):
    """All shipping methods, by our id."""


def method_answered(method: ShippingMethod) -> dict[str, Any]:
    """A method that came with its bands, or one query for them."""
    return {
        "id": method.public_id,
        "created_at": core_instant(method.created_at),
        "updated_at": core_instant(method.updated_at),
        "sku": method.sku,
        "title": method.title,
        "prority": method.priority,
        "countries": method.countries,
        "groups": method.groups,
        "bands": [band_answered(band) for band in method.bands.all()],
    }


def band_answered(band: ShippingBand) -> dict[str, Any]:
    currency = {"currency_code": band.currency_code.lower()}
    requirement: dict[str, Any] | None = None
    if band.requirement:
        requirement = {"type": band.requirement, "min": _number(band.minimum), "max": _number(band.maximum)}
        if band.requirement == ShippingBand.Requirement.PRICE:
            requirement |= currency
    cost: dict[str, Any] = {"type": band.cost_type}
    if band.cost_type == ShippingBand.Cost.FIXED:
        cost |= {"amount": _number(band.amount), **currency}
    return {
        "name": band.name,
        "priority": band.priority,
        "sku": band.sku,
        "requirement": requirement,
        "cost": cost,
    }


def _number(number: Decimal | None) -> orjson.Fragment | None:
    return None if number is None else json_number(plain(number))
