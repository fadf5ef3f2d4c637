"""Building blocks of documents on the wire: typed, bounded, and with every fault named.

Conventions (`docs/api.md`): unknown members are ignored; null counts as absent; strings are exact (no trimming, no
folding) and bounded; instants are ISO 8601; amounts are decimal strings or JSON numbers of at most 15 digits.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from core.days import read_day
from core.money import read_currency, read_decimal

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 12, 31, tzinfo=UTC)
HIGHEST_QUANTITY = 1_000_000_000
HIGHEST_INT32 = 2**31 - 1
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?([Zz]|[+-]\d{2}(:?\d{2})?)?", re.ASCII)


class Document(BaseModel):
    """A JSON object of the wire. Unknown members are ignored; drop null members first with `without_nulls`."""

    model_config = ConfigDict(extra="ignore")


class NullIsAbsent(Document):
    """A document that is read without its null members: null may stand for whatever need not be sent."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler.resolve_ref_schema(handler(core_schema))
        return allow_nulls(described, but=described.get("required", ()))


def allow_nulls(described: JsonSchemaValue, *, but: Collection[str]) -> JsonSchemaValue:
    """The JSON schema of an object with null allowed for its members, but for those named."""
    for name, member in described["properties"].items():
        if name not in but and {"type": "null"} not in member.get("anyOf", ()):
            kept = {key: member.pop(key) for key in ("default", "description", "examples", "title") if key in member}
            described["properties"][name] = {"anyOf": [member, {"type": "null"}], **kept}
    return described


class Change(Document):
    """A body that names what it changes; `model_fields_set` says which members that are."""

    needed: ClassVar[frozenset[str]] = frozenset()
    """What creating needs."""

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nulls(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key in cls._told_by_null()}

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Null may stand for every member that creating does not need."""
        return allow_nulls(handler.resolve_ref_schema(handler(core_schema)), but=cls._told_by_null())

    @classmethod
    @cache
    def _told_by_null(cls) -> frozenset[str]:
        """Members for which null says something: those it clears, and those it may not stand for.

        Worked out once: a body of many rows asks at each null.
        """
        clearable = (name for name, field in cls.model_fields.items() if type(None) in get_args(field.annotation))
        return cls.needed.union(clearable)


def not_one_of_ours(prefix: str) -> AfterValidator:
    """Nobody chooses an external id that reads as one of ours."""

    def check(value: str) -> str:
        if value.startswith(prefix):
            raise fault("reserved-prefix", f"must not start with {prefix}")
        return value

    return AfterValidator(check)


def fault(code: str, message: str) -> PydanticCustomError:
    """What a validator raises when its fault has a code of its own; a ValueError's is `invalid`."""
    return PydanticCustomError("fault", "{message}", {"code": code, "message": message})


def without_nulls(value: Any, *, keep: frozenset[str] = frozenset()) -> Any:
    """`value` with every null member dropped, at any depth; members named in `keep` are left as they are."""
    if isinstance(value, dict):
        return {
            key: member if key in keep else without_nulls(member, keep=keep)
            for key, member in value.items()
            if member is not None
        }
    if isinstance(value, list):
        return [without_nulls(member, keep=keep) for member in value]
    return value


def read_instant(value: Any) -> datetime:
    """An ISO 8601 date-time between 1900 and 9999; naive when it came without an offset. ValueError otherwise."""
    if isinstance(value, datetime):
        instant = value
    else:
        if not isinstance(value, str) or len(value) > 40 or not _INSTANT.fullmatch(value):
            raise ValueError("must be an ISO 8601 date-time such as 2026-01-31T09:30:00+00:00")
        try:
            instant = datetime.fromisoformat(value.upper())
        except ValueError:
            raise ValueError("is not a date and time that exists") from None
    if instant.tzinfo is None:
        if not EARLIEST.replace(day=2, tzinfo=None) <= instant <= LATEST.replace(day=30, tzinfo=None):
            raise ValueError("must be between 1900-01-02 and 9999-12-30")
        return instant
    offset = instant.utcoffset() or timedelta()
    naive = instant.replace(tzinfo=None)
    if naive - EARLIEST.replace(tzinfo=None) < offset or naive - LATEST.replace(tzinfo=None) > offset:
        raise ValueError("must be between 1900-01-01 and 9999-12-31 (UTC)")
    return instant.astimezone(UTC)


def in_utc(instant: datetime | None, zone: tzinfo) -> datetime | None:
    """`instant` in UTC; one that came without an offset is read in the site's time zone."""
    if instant is None or instant.tzinfo is UTC:
        return instant
    return (instant.replace(tzinfo=zone) if instant.tzinfo is None else instant).astimezone(UTC)


def read_digits(value: Any) -> Any:
    """Identifiers sent as JSON integers are read as their digits."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


@dataclass(frozen=True)
class Whole:
    """A whole number from `lowest` to `highest`, in what is read and in what the schema says. 4.0 counts as 4."""

    lowest: int
    highest: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        number = core_schema.int_schema(strict=True, ge=self.lowest, le=self.highest)
        return core_schema.no_info_before_validator_function(_whole, number)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _web_address(value: str) -> str:
    if value and not value.lower().startswith(("http://", "https://")):
        raise ValueError("must be an http or https address")
    return value


def _percentage(value: Any) -> Decimal:
    number = read_decimal(value)
    if not 0 <= number <= 1000:
        raise ValueError("must be between 0 and 1000")
    return number


_DECIMAL_STRING = {"type": "string", "pattern": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"}
DECIMAL_SCHEMA = {"anyOf": [_DECIMAL_STRING, {"type": "number"}]}

Name = Annotated[str, Field(strict=True, max_length=255)]
Text = Annotated[str, Field(strict=True, max_length=10_000)]
Text20 = Annotated[str, Field(strict=True, max_length=20)]
Text30 = Annotated[str, Field(strict=True, max_length=30)]
Text50 = Annotated[str, Field(strict=True, max_length=50)]
Text128 = Annotated[str, Field(strict=True, max_length=128)]
RegionCode = Annotated[str, Field(strict=True, max_length=10)]
CountryCode = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z]{2,3}$")]
"""Kept as sent; not judged against a list."""
Identifier = Annotated[
    str,
    Field(strict=True, max_length=255),
    BeforeValidator(read_digits),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": 255}, {"type": "integer"}]}),
]
WebAddress = Annotated[str, Field(strict=True, max_length=10_000), AfterValidator(_web_address)]
WebAddress512 = Annotated[str, Field(strict=True, max_length=512), AfterValidator(_web_address)]
Instant = Annotated[
    datetime,
    BeforeValidator(read_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "format": "date"})]
CurrencyCode = Annotated[
    str,
    BeforeValidator(read_currency),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{3}$", "examples": ["GBP"]}),
]
Amount = Annotated[Decimal, BeforeValidator(read_decimal), WithJsonSchema(DECIMAL_SCHEMA)]
"""A line or shipping amount: at most 6 decimals and 12 digits before the point."""
Percentage = Annotated[
    Decimal,
    BeforeValidator(_percentage),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1000}, _DECIMAL_STRING]}),
]
Quantity = Annotated[int, Whole(0, HIGHEST_QUANTITY)]
Int32 = Annotated[int, Whole(-(2**31), HIGHEST_INT32)]


class Money(Document):
    """An amount in one currency, for example `{"number": "15.99", "currency": "GBP"}`."""

    number: Amount
    currency: CurrencyCode
