"""Structured messages: what is wrong with a request, or what keeps something from being done, in Cortex's words."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from core.errors import DomainError, Fault
from cortex.envelope import Link, Message, as_json, written_messages
from cortex.pages import asks_for_page, refusal_page

TOKENS = "/cortex/oauth2/tokens"
_OF_FIELDS = {
    "required": "field.required",
    "too-long": "field.invalid.size",
    "too-short": "field.invalid.size",
    "too-many": "field.invalid.size",
    "too-few": "field.invalid.size",
}
_IDS = {"credit-exceeded": "b2b.credit.exceeded", "approval-required": "b2b.approval.required"}
"""Where the id is not simply the code with points."""


def id_of(code: str) -> str:
    """The message's id for a fault's code: `quote-expired` → `quote.expired`."""
    return _IDS.get(code) or code.replace("-", ".")


def messages_of(error: DomainError) -> list[Message]:
    """What a refusal says. A faulty field is named; a conflict tells with `data` what stands."""
    if error.status == 400:
        return [_of_field(fault) if fault.property else _plain(fault) for fault in error.faults]
    return [_plain(fault, error.members) for fault in error.faults]


def hindrance(fault: Fault, *, blocks: str, remedies: Mapping[str, Link], data: Mapping[str, object]) -> Message:
    """A fault that keeps the action `blocks` from being possible; `remedies`: where what is needed stands, by code."""
    kind = "needinfo" if fault.code.startswith("need-") else "error"
    return Message(
        kind, id_of(fault.code), fault.message, _texts(data), blocks=blocks, linked_to=remedies.get(fault.code)
    )


def refusal_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer to what is refused, or went wrong: messages, or for a browser a page that shows them."""
    messages = messages_of(error)
    if asks_for_page(request) and _host_is_ours(request):
        response = refusal_page(request, error, messages)
    else:
        body = written_messages(messages, mount="")
        if request.path_info == TOKENS:  # the names of RFC 6749 too
            body["error"] = {401: "invalid_grant", 429: "temporarily_unavailable"}.get(error.status) or (
                "unsupported_grant_type" if error.title == "unsupported-grant-type" else "invalid_request"
            )
            body["error_description"] = messages[0].text
        response = HttpResponse(as_json(body), status=error.status, content_type="application/json")
    for name, value in error.headers.items():
        response[name] = value
    response.headers.setdefault("Cache-Control", "no-store, private")
    return response


def _host_is_ours(request: HttpRequest) -> bool:
    """Whether a page could link to itself: not when the host is what was refused."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _of_field(fault: Fault) -> Message:
    name = fault.property or ""
    return Message("error", _OF_FIELDS.get(fault.code, "field.invalid.format"), fault.message, {"field-name": name})


def _plain(fault: Fault, members: Mapping[str, object] | None = None) -> Message:
    return Message("error", id_of(fault.code), fault.message, _texts(members or {}))


def _texts(members: Mapping[str, object]) -> dict[str, str]:
    return {name.replace("_", "-"): str(value) for name, value in members.items() if isinstance(value, (str, int))}
