"""Every refusal in its one shape, whoever raised it."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pydantic
import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.documents import validate
from core.api.problems import faults_of_validation, property_path
from core.api.views import ApiView
from core.errors import Conflict, Fault, InvalidDocument, NotFound, TryLater, VersionMismatch
from core.models import Site
from tests.callers import ApiCaller


class SentLine(pydantic.BaseModel):
    quantity: int
    name: str = pydantic.Field(max_length=3)


class SentPackage(pydantic.BaseModel):
    line_items: list[SentLine] = []


class SentOrder(pydantic.BaseModel):
    packages: list[SentPackage]
    type: str


class LineSerializer(serializers.Serializer):
    quantity = serializers.IntegerField()


class PackageSerializer(serializers.Serializer):
    line_items = LineSerializer(many=True)


class DocumentSerializer(serializers.Serializer):
    packages = PackageSerializer(many=True)
    type = serializers.CharField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        raise serializers.ValidationError("Never right.", code="never")


def database_error(kind: type[Exception], state: type[Exception]) -> Exception:
    error = kind("a secret row")
    error.__cause__ = state("a secret row")
    return error


FAULTS: dict[str, Exception] = {
    "not-found": NotFound(),
    "http404": Http404("secret"),
    "denied": PermissionDenied("secret"),
    "suspicious": SuspiciousOperation("secret"),
    "conflict": Conflict("Two of them.", code="identifier-conflict", property="purchase_identifiers.internal"),
    "version": VersionMismatch(current_etag='"1.r1.0"', changes=None),
    "invalid": InvalidDocument(faults=[Fault("a", "x", "X."), Fault("b", None, "Y.")]),
    "later": TryLater(),
    "throttled": Throttled(wait=7.2),
    "away": database_error(OperationalError, psycopg.OperationalError),
    "shut-down": database_error(OperationalError, psycopg.errors.AdminShutdown),
    "deadlock": database_error(OperationalError, psycopg.errors.DeadlockDetected),
    "locked": database_error(OperationalError, psycopg.errors.LockNotAvailable),
    "out-of-range": database_error(OperationalError, psycopg.errors.NumericValueOutOfRange),
    "broken-rule": database_error(IntegrityError, psycopg.errors.UniqueViolation),
    "bug": ZeroDivisionError("secret"),
}


class FaultView(ApiView):
    required_scopes = ("orders",)

    def get(self, request: Request, name: str) -> Response:
        raise FAULTS[name]

    def put(self, request: Request, name: str) -> Response:
        if name == "pydantic":
            validate(SentOrder, self.body())
        else:
            DocumentSerializer(data=request.data).is_valid(raise_exception=True)
        return Response({})


urlpatterns = [path("api/fault/<name>", FaultView.as_view())]
handler404 = "core.error_pages.page_not_found"
handler500 = "core.error_pages.server_error"

pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize(
    ("name", "status", "title", "code"),
    [
        ("not-found", 404, "not-found", "not-found"),
        ("http404", 404, "not-found", "not-found"),
        ("denied", 403, "permission-denied", "permission-denied"),
        ("suspicious", 400, "invalid-api-request-contents", "invalid-api-request-contents"),
        ("conflict", 409, "identifier-conflict", "identifier-conflict"),
        ("version", 412, "version-mismatch", "version-mismatch"),
        ("invalid", 400, "invalid-api-request-contents", "a"),
        ("later", 503, "try-again-later", "try-again-later"),
        ("throttled", 429, "too-many-requests", "too-many-requests"),
        ("away", 503, "try-again-later", "try-again-later"),
        ("shut-down", 503, "try-again-later", "try-again-later"),
        ("deadlock", 409, "conflict", "conflict"),
        ("locked", 409, "conflict", "conflict"),
        ("out-of-range", 400, "invalid-api-request-contents", "invalid-api-request-contents"),
        ("broken-rule", 500, "server-error", "server-error"),
        ("bug", 500, "server-error", "server-error"),
    ],
)
def test_every_refusal_is_a_problem_without_internals(
    api: ApiCaller, name: str, status: int, title: str, code: str
) -> None:
    api.client.raise_request_exception = False
    answer = api.get(f"/api/fault/{name}")
    body = answer.json()
    assert (answer.status_code, body["status"], body["title"], body["type"]) == (status, status, title, "about:blank")
    assert answer["Content-Type"] == "application/json"
    assert body["errors"][0]["code"] == code
    assert set(body) >= {"detail", "status", "title", "type", "errors"}
    assert all(set(error) == {"code", "property", "message"} for error in body["errors"])
    assert b"secret" not in answer.content


def test_a_problem_carries_every_fault_and_further_members(api: ApiCaller) -> None:
    assert api.get("/api/fault/invalid").json()["errors"] == [
        {"code": "a", "property": "x", "message": "X."},
        {"code": "b", "property": None, "message": "Y."},
    ]
    assert api.get("/api/fault/conflict").json()["errors"] == [
        {"code": "identifier-conflict", "property": "purchase_identifiers.internal", "message": "Two of them."}
    ]
    version = api.get("/api/fault/version").json()
    assert (version["current_etag"], version["changes"]) == ('"1.r1.0"', None)


@pytest.mark.parametrize(("name", "seconds"), [("later", "2"), ("away", "2"), ("throttled", "8")])
def test_who_may_come_again_is_told_when(api: ApiCaller, name: str, seconds: str) -> None:
    assert api.get(f"/api/fault/{name}")["Retry-After"] == seconds


@pytest.mark.parametrize("reader", ["pydantic", "serializer"])
def test_every_fault_of_a_body_is_named_with_its_place(api: ApiCaller, reader: str) -> None:
    document = {"packages": [{"line_items": [{"quantity": 1, "name": "a"}, {}, {"quantity": "x", "name": "b"}]}, 7]}
    answer = api.put(f"/api/fault/{reader}", json=document)
    assert answer.status_code == 400
    assert answer.json()["detail"] == "Data Validation Failed"
    faults = {(error["property"], error["code"]) for error in answer.json()["errors"]}
    assert faults >= {("packages[0].line_items[1].quantity", "required"), ("type", "required")}
    assert {place for place, _ in faults} >= {"packages[0].line_items[2].quantity", "packages[1]"}


def test_a_fault_of_the_whole_has_no_property(api: ApiCaller) -> None:
    answer = api.put("/api/fault/serializer", json={"packages": [], "type": "order"})
    assert answer.json()["errors"] == [{"code": "never", "property": None, "message": "Never right."}]


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ((), None),
        (("type",), "type"),
        (("packages", 0, "line_items", 2, "quantity"), "packages[0].line_items[2].quantity"),
        ((3, "sku"), "[3].sku"),
        ((3,), "[3]"),
    ],
)
def test_property_path(place: tuple[int | str, ...], path: str | None) -> None:
    assert property_path(place) == path


def test_messages_are_for_people() -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        SentLine.model_validate({"name": "longer"})
    assert [(fault.property, fault.code, fault.message) for fault in faults_of_validation(caught.value)] == [
        ("quantity", "required", "This member is required."),
        ("name", "too-long", "String should have at most 3 characters."),
    ]


@pytest.mark.parametrize("address", ["/api/", "/api/v1/none", "/api/fault"])
def test_an_unknown_address_is_a_problem_too(site: Site, address: str) -> None:
    answer = ApiCaller({}).get(address)
    assert answer.status_code == 404
    assert json.loads(answer.content)["title"] == "not-found"
