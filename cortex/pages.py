"""The browser's page: the same resources for people who click through them, and their sign-in.

A browser is known by a cookie that holds a token of this face. The cookie counts for pages alone, and whatever is
submitted with it proves that it comes from one of our own pages. Nothing on a page needs a script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from core.errors import DomainError, NotPermitted
from core.models import Site
from core.tenancy import site_of_host
from cortex.envelope import MOUNT, Message, mount_of
from cortex.page_contents import page_of
from cortex.sign_in import sign_in, sign_out
from customers.models import Customer
from purchasing.pages.headers import CONTENT_SECURITY_POLICY

COOKIE = "cortex_token"
HTML = "text/html"
_SAFE = ("GET", "HEAD", "OPTIONS")


def asks_for_page(request: HttpRequest) -> bool:
    """Whether HTML is what the caller likes best; who likes anything gets JSON."""
    return request.get_preferred_type(["application/json", HTML]) == HTML


def bearer_of(request: HttpRequest) -> str | None:
    """The token of the `Authorization` header."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def token_of(request: HttpRequest) -> str | None:
    """The caller's token: of the header, else a browser's of its cookie.

    Raises NotPermitted when something is submitted by cookie alone that did not come from a page of ours.
    """
    token = bearer_of(request)
    if token or not asks_for_page(request):
        return token
    cookie = request.COOKIES.get(COOKIE)
    if cookie and request.method not in _SAFE:
        _check_origin(request)
    return cookie


def _check_origin(request: HttpRequest) -> None:
    check = CsrfViewMiddleware(lambda _request: HttpResponse())
    check.process_request(request)
    if check.process_view(request, redirect_to, (), {}) is not None:
        raise NotPermitted("This form is too old, or came from elsewhere. Open the page again.", code="csrf")


def resource_page(
    request: HttpRequest,
    answer: Mapping[str, Any],
    *,
    labels: Mapping[str, str],
    customer: Customer | None,
    site: Site,
    status: int = 200,
) -> HttpResponse:
    page = page_of(answer, labels)
    return _render(request, "cortex/resource.html", {"page": page, "customer": customer, "site": site}, status)


def refusal_page(request: HttpRequest, error: DomainError, messages: Sequence[Message]) -> HttpResponse:
    """What was refused and why; where a sign-in is what is missing, the form for it."""
    texts = [message.text for message in messages]
    if error.status in (401, 429):
        return _sign_in_page(request, error.status, texts if request.method == "POST" else [])
    return _render(request, "cortex/refusal.html", {"texts": texts, "status": error.status}, error.status)


def redirect_to(href: str) -> HttpResponse:
    """After a form: the page of what came of it."""
    response = HttpResponseRedirect(href)
    response.status_code = 303
    return response


class SignInView(View):
    """The form for people. `next`: where they were going, on this host and below the mount."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return _sign_in_page(request, 200, [])

    def post(self, request: HttpRequest) -> HttpResponse:
        fields = {name: request.POST.get(name, "") for name in ("scope", "username", "password")}
        if any(not value or len(value) > 1000 or "\0" in value for value in fields.values()):
            return _sign_in_page(request, 400, ["Fill in every field."])
        # What is refused comes back to this form (`refusal_page`).
        granted = sign_in(
            request,
            site_slug=fields["scope"],
            username=fields["username"],
            password=fields["password"],
            now=timezone.now(),
        )
        response = redirect_to(_next(request))
        response.set_cookie(
            COOKIE,
            granted.token,
            max_age=granted.expires_in,
            path=_cookie_path(request),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response


class SignOutView(View):
    """Ends the cookie's token."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        token = request.COOKIES.get(COOKIE)
        if token:
            sign_out(token)
        response = redirect_to(f"{mount_of(request)}/signin")
        response.delete_cookie(COOKIE, path=_cookie_path(request), samesite="Lax")
        return response


def _sign_in_page(request: HttpRequest, status: int, texts: Sequence[str]) -> HttpResponse:
    context = {
        "texts": texts,
        "scope": request.POST.get("scope", "") if request.method == "POST" else "",
        "username": request.POST.get("username", "") if request.method == "POST" else "",
        "site_of_host": site_of_host(request),
        "next": _next(request),
    }
    return _render(request, "cortex/signin.html", context, status)


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: the page that was asked for, else the root; never anywhere else."""
    mount = mount_of(request)
    wanted = request.POST.get("next", "") if request.method == "POST" else ""
    if not wanted and request.method == "GET" and request.path_info != f"{MOUNT}/signin":
        wanted = request.build_absolute_uri()
    allowed = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) and (
        wanted == mount or wanted.startswith((f"{mount}/", f"{mount}?"))
    )
    if ".." in unquote(wanted).partition("?")[0].split("/"):  # leads out of the mount
        allowed = False
    return wanted if allowed else f"{mount}/"


def _cookie_path(request: HttpRequest) -> str:
    return f"{request.META.get('SCRIPT_NAME', '').rstrip('/')}{MOUNT}"


def _render(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, template, {"mount": mount_of(request), **context}, status=status)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Cache-Control"] = "no-store, private"
    return response
