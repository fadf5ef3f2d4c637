"""The settings of a site: read and changed by their keys."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, cast
from zoneinfo import ZoneInfo

from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import BaseModel, Field, JsonValue, RootModel, WithJsonSchema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.documents import validate
from core.api.query import Query
from core.api.renderer import json_number
from core.api.views import ApiView
from core.documents import Document
from core.money import plain
from core.site_settings import HELP, KEYS, Settings, change_settings, settings_of

MAX_SETTINGS = 1_000
_VALUE = WithJsonSchema({"type": ["string", "number", "boolean", "array", "null"], "items": {"type": "string"}})
_MEANING = " ".join(f"`{key}`: {text}" for key, text in HELP.items())


class SettingDocument(Document):
    """A setting by its key."""

    key: Annotated[str, Field(strict=True, max_length=255, examples=["default_currency"])]
    value: Annotated[JsonValue, _VALUE] = Field(description=_MEANING, examples=["gbp"])


class SettingsDocument(RootModel[Annotated[list[SettingDocument], Field(max_length=MAX_SETTINGS)]]):
    """Settings to change, each at most once; those that are not named stay."""


class SettingAnswer(BaseModel):
    """A setting as it holds, be it set or by default."""

    key: str = Field(examples=["default_currency"])
    value: Annotated[JsonValue, _VALUE] = Field(description=_MEANING, examples=["gbp"])


class SettingRows(RootModel[list[SettingAnswer]]):
    """Every setting of the site."""


ALL = OpenApiExample(
    "settings",
    value=[
        {"key": "charge_posting", "value": "on_account"},
        {"key": "default_currency", "value": "gbp"},
        {"key": "languages", "value": ["en", "de"]},
    ],
    response_only=True,
)
CHANGED = OpenApiExample(
    "currency and terms",
    value=[{"key": "default_currency", "value": "gbp"}, {"key": "net_terms_days", "value": 14}],
    request_only=True,
)


class SettingsView(ApiView):
    required_scopes = ("setup",)
    body_is_array = True

    @extend_schema(
        operation_id="settings_list", summary="Read the settings", responses={200: SettingRows}, examples=[ALL]
    )
    def get(self, request: Request) -> Response:
        """All of them, with their defaults where nothing was set. Secrets are no settings."""
        Query(request.query_params, known=()).check()
        return Response(settings_answered(settings_of(self.site)))

    @extend_schema(
        operation_id="settings_update",
        summary="Change settings",
        request=SettingsDocument,
        responses={204: None},
        examples=[CHANGED],
    )
    def patch(self, request: Request) -> Response:
        """All or nothing: an unknown key or a value of the wrong type is 400, and nothing is changed."""
        sent = validate(SettingsDocument, self.body()).root
        change_settings(site=self.site, sent=[(setting.key, setting.value) for setting in sent])
        return Response(status=204)


def settings_answered(settings: Settings) -> list[dict[str, Any]]:
    """Every setting; a currency in lower case, as resources of the Core API have it."""
    return [{"key": key, "value": _answered(key, getattr(settings, key))} for key in KEYS]


def _answered(key: str, value: object) -> Any:
    match value:
        case StrEnum():
            return value.value
        case Decimal():
            return json_number(plain(value))
        case ZoneInfo():
            return value.key
        case tuple():
            return list(value)
    return cast("str", value).lower() if key == "default_currency" and value else value
