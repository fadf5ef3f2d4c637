"""What Django itself answers when no view did: problems for programs, pages for people (`handler400` … in the URLs)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views import defaults

from core.api.problems import domain_error_of, is_api_path, problem, problem_response
from core.errors import DomainError, InvalidDocument, NotFound, NotPermitted

Shape = Callable[[HttpRequest, DomainError], HttpResponse]


class ServerError(DomainError):
    """A fault of ours: 500. What it was is in the log."""

    status = 500
    title = "server-error"
    detail = "Something went wrong here. It has been logged."


@cache
def _shapes() -> list[tuple[str, Shape]]:
    return [(prefix, import_string(name)) for prefix, name in settings.REFUSAL_SHAPES.items()]


def _in_its_shape(request: HttpRequest, error: DomainError) -> HttpResponse | None:
    """The refusal as a face with a shape of its own tells it (`settings.REFUSAL_SHAPES`); None at other addresses."""
    for prefix, shape in _shapes():
        if request.path_info == prefix or request.path_info.startswith(f"{prefix}/"):
            return shape(request, error)
    return None


def _answer(status: int, detail: str) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(problem(status=status, detail=detail)), status=status, content_type="application/json"
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if told := _in_its_shape(request, InvalidDocument("The request cannot be read.")):
        return told
    if is_api_path(request):
        return _answer(400, "The request cannot be read.")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if told := _in_its_shape(request, NotPermitted()):
        return told
    if is_api_path(request):
        return _answer(403, "You do not have permission to perform this action.")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if told := _in_its_shape(request, NotFound()):
        return told
    if is_api_path(request):
        return _answer(404, "Not found.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is away. Django has logged the exception by now and is still handling it."""
    exception = sys.exception()
    refusal = domain_error_of(exception) if exception else None
    if told := _in_its_shape(request, refusal or ServerError()):
        return told
    if is_api_path(request):
        return problem_response(refusal) if refusal else _answer(500, "Something went wrong here. It has been logged.")
    response = defaults.server_error(request)
    if refusal is not None and refusal.status == 503:
        response.status_code = 503
        return _with_headers(response, refusal)
    return response


def _with_headers(response: HttpResponse, refusal: DomainError) -> HttpResponse:
    for name, value in refusal.headers.items():
        response[name] = value
    return response


class Refusals:
    """Middleware: a refusal of the business on a page becomes a page that says so, with the refusal's own status.

    So does a page that is asked for in a way it has not (405): Django's own answer is empty.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content or is_api_path(request):
            return response
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if told := _in_its_shape(request, exception):
            return told
        if is_api_path(request):
            return problem_response(exception)
        response = render(request, "refusal.html", {"refusal": exception}, status=exception.status)
        return _with_headers(response, exception)
