"""Middlewares that know pages from the API, so that an API call pays only for what it uses."""

from __future__ import annotations

import logging
from typing import cast

import structlog
import uuid_utils
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin
from django_htmx.middleware import HtmxMiddleware
from django_structlog.middlewares import RequestMiddleware

from core.acting import act_as_asked
from core.actors import SYSTEM, Actor, ActorKind

logger = logging.getLogger(__name__)


class ForPages(MiddlewareMixin):
    """Lets requests to the API (`settings.API_PREFIXES`) pass by; they carry tokens, not sessions."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.API_PREFIXES):
            return cast("HttpResponseBase", self.get_response(request))
        return cast("HttpResponseBase", super().__call__(request))


class PageSessions(ForPages, SessionMiddleware):
    """Sessions, for pages."""


class PageLanguage(ForPages, LocaleMiddleware):
    """The reader's language, for pages. The API speaks English, whatever page its thread made before."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        translation.deactivate()
        return super().__call__(request)


class PageSignIn(ForPages, AuthenticationMiddleware):
    """The signed-in person, for pages; a member of staff is the author of what the back office writes."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        act_as_asked(lambda: _author(request))


def _author(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return SYSTEM
    return Actor(ActorKind.STAFF, request.user.get_username()) if request.user.is_staff else Actor(ActorKind.CUSTOMER)


class PageMessages(ForPages, MessageMiddleware):
    """Messages shown once, for pages."""


class PageSlashes(ForPages, CommonMiddleware):
    """Leads from an address without its last slash to the one with it, for pages that customers type themselves.

    Only what is read: what is sent would be lost on the way. An address that is no page with a slash either stays 404.
    """

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        is_read = request.method in ("GET", "HEAD")
        typed = f"{request.path_info}/".startswith(settings.PAGES_WITH_SLASH)
        return is_read and typed and super().should_redirect_with_slash(request)


class PageHtmx(HtmxMiddleware):
    """`request.htmx`, for pages."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.API_PREFIXES):
            return cast("HttpResponseBase", self.get_response(request))
        return cast("HttpResponseBase", super().__call__(request))


class RequestLog(RequestMiddleware):
    """One log line per refused or failed request, with its route instead of its address; per any at level DEBUG.

    The lines of one request share a `request_id`. A request that is neither costs little more than that id.
    """

    def prepare(self, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(request_id=uuid_utils.uuid7().hex)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        if response.status_code < 400 and not logger.isEnabledFor(logging.DEBUG):
            structlog.contextvars.clear_contextvars()
        else:
            super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        route = request.resolver_match.route if request.resolver_match else "(no route)"
        return f"{request.method} /{route}"
