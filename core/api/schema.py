"""The OpenAPI description of the API: generated from the views and documents, never written by hand."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from core.api.problems import TITLES
from core.scopes import read_scope

SITE_ID = OpenApiParameter(
    "Site-Id", str, OpenApiParameter.HEADER, required=True, description="The site this call is for."
)

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 255 characters. Sent again within 24 hours, the request gets its first answer and does no more.",
)


class ProblemError(BaseModel):
    """One thing that is wrong."""

    code: str = Field(description="Stable; for programs.", examples=["required"])
    property: str | None = Field(
        description="The member or parameter it concerns.", examples=["packages[0].line_items[2].quantity"]
    )
    message: str = Field(description="For people.", examples=["This member is required."])


class Problem(BaseModel):
    """Every refusal has this form (RFC 9457)."""

    detail: str = Field(description="A summary for people.")
    status: int = Field(description="The HTTP status.")
    title: str = Field(description="A stable slug for programs.")
    type: str = Field(examples=["about:blank"])
    errors: list[ProblemError] | None = Field(description="Everything that is wrong, at once.")


class RevisionSince(BaseModel):
    """An accepted change of the document since the version that the request names."""

    revision: int
    at: str = Field(json_schema_extra={"format": "date-time"})
    by: str = Field(examples=["client:ERP"])


class ChangeSince(BaseModel):
    """A member that differs, before and after; of money that moved only as it is now."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(examples=["packages[0].line_items[2].quantity", "calculated_payment"])
    old: JsonValue = None
    new: JsonValue


class VersionProblem(Problem):
    """A precondition (`If-Match`, `If-None-Match`) does not hold: what stands, and what happened meanwhile."""

    current_etag: str | None = Field(description="The version that stands; null when there is none.")
    revisions: list[RevisionSince] | None = Field(
        description="Those after the version that `If-Match` names, oldest first; null when it names none of this."
    )
    changes: list[ChangeSince] | None = Field(
        description="What differs from the version that `If-Match` names; null when it names none of this."
    )


ANSWERS = {
    400: "The body or a parameter is not valid.",
    401: "The access token is missing, unknown or expired, or the Site-Id is missing.",
    403: "A scope is missing, or the token belongs to another site.",
    404: "There is no such thing on this site.",
    409: "The request clashes with the current state.",
    412: "The thing is not at the version the request names.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    429: "Too many requests; `Retry-After` says when to go on.",
    500: "A fault of the server.",
    503: "The database is away; `Retry-After` says when to try again.",
}
ON_CHANGES = (409,)
"""Answered by what writes or deletes."""
WITH_VERSION = (412,)
"""Answered by what reads a version that is to be written over."""
WITH_BODY = (413, 415)


class SiteSchema(AutoSchema):
    """An operation of the API: asks for a site, and says which scope it needs."""

    def get_override_parameters(self) -> list[Any]:
        handler = getattr(self.view, self.method.lower(), None)
        repeatable = [IDEMPOTENCY_KEY] if getattr(handler, "takes_idempotency_key", False) else []
        return [*super().get_override_parameters(), SITE_ID, *repeatable]

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular's own
        description: str = super().get_description()
        scopes: tuple[str, ...] = getattr(self.view, "required_scopes", ())
        if scopes:
            needed = [*map(read_scope, scopes), *scopes] if self.method in ("GET", "HEAD") else scopes
            description += "\n\nScope: " + " or ".join(f"`{scope}`" for scope in needed) + "."
            if self.method in getattr(self.view, "person_methods", ()):
                read = " or ".join(f"`{read_scope(scope)}`" for scope in scopes)
                description += f" Open to customers' own tokens, with {read}, for what they see."
        return description.strip()

    def get_tags(self) -> list[str]:
        """The first word of the address after the version, when the view names none."""
        return [self.path.removeprefix("/api/v1/").removeprefix("/api/").split("/")[0]]


class BearerToken(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.ClientAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "From `POST /api/auth/token`: a program's, which speaks for its site, or a customer's own.",
        }


class DocumentExtension(PydanticExtension):
    """Documents as they are read in requests (`…Request`) and as they are answered: required members differ."""

    priority = 1

    def get_name(self, auto_schema: AutoSchema, direction: str) -> str:
        set_override(self.target, "suppress_collision_warning", True)  # noqa: FBT003  # the library's own signature
        return self.target.__name__  # the library adds `Request` itself, here

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = self.target.model_json_schema(
            ref_template="#/components/schemas/" + component_name("{model}", direction),
            mode="validation" if direction == "request" else "serialization",
        )
        for name, definition in schema.pop("$defs", {}).items():
            auto_schema.registry.register_on_missing(
                ResolvedComponent(
                    name=component_name(name, direction),
                    type=ResolvedComponent.SCHEMA,
                    object=component_name(name, direction),
                    schema=definition,
                )
            )
        return schema


def component_name(name: str, direction: str) -> str:
    return f"{name}Request" if direction == "request" else name


def describe_every_answer(result: dict[str, Any], **_how: Any) -> dict[str, Any]:
    """drf-spectacular's hook: adds the problem object and every refusal that an operation may answer."""
    components = result["components"]
    for problem in (Problem, VersionProblem):
        problem_schema = problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components["schemas"].update({**problem_schema.pop("$defs"), problem.__name__: problem_schema})
    components["responses"] = {f"Problem{status}": _answer(status) for status in ANSWERS}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            left_out = {
                *((404,) if "{" not in path else ()),
                *(ON_CHANGES if method == "get" else ()),
                *(() if any(item["name"] == "If-Match" for item in operation["parameters"]) else WITH_VERSION),
                *(WITH_BODY if "requestBody" not in operation else ()),
            }
            for status in ANSWERS.keys() - left_out:
                operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True  # of a PATCH too: without one it is 415
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


_EXAMPLE_OF_A_VERSION = {
    "current_etag": '"7.r3.1"',
    "revisions": [{"revision": 3, "at": "2026-02-01T08:00:00+00:00", "by": "staff:ann@jones-climbing.example"}],
    "changes": [{"path": "customer_reference", "old": "", "new": "PO 4711"}],
}


def _answer(status: int) -> dict[str, Any]:
    title = TITLES.get(status, "version-mismatch")
    example: dict[str, Any] = {
        "detail": ANSWERS[status],
        "status": status,
        "title": title,
        "type": "about:blank",
        "errors": [{"code": title, "property": None, "message": ANSWERS[status]}],
    }
    if status in WITH_VERSION:
        example |= _EXAMPLE_OF_A_VERSION
    schema = {"$ref": f"#/components/schemas/{'VersionProblem' if status in WITH_VERSION else 'Problem'}"}
    return {
        "description": ANSWERS[status],
        "content": {"application/json": {"schema": schema, "examples": {title: {"value": example}}}},
    }
