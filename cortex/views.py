"""Every resource of the table over HTTP: who asks, for which site, what is answered."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from core.api.access import Access
from core.api.throttle import ClientThrottle
from core.errors import Conflict, InvalidDocument, NotFound, NotPermitted
from core.site_settings import settings_of
from cortex import forms, ids, pages
from cortex.envelope import Keys, Node, as_json, mount_of, read_format, uri_of, written, written_messages
from cortex.page_contents import labels_of
from cortex.reading import Reading, Sight
from cortex.refusals import MethodNotAllowed, TooManyCalls
from cortex.registry import node_of
from cortex.sign_in import caller_of
from cortex.table import TABLE
from cortex.words import Words, locale_of
from cortex.zoom import read_zoom, zoom_into

JSON = "application/json"


class _Asked:
    """What a throttle reads of a call."""

    def __init__(self, access: Access) -> None:
        self.auth = access


@method_decorator(csrf_exempt, name="dispatch")  # asked of whoever is known by a cookie, in `pages.token_of`
class FaceView(View):
    """What all addresses below the mount share: only who has a token is told anything."""

    resource = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        access, customer = caller_of(pages.token_of(request))
        throttle = ClientThrottle()
        if not throttle.allow_request(_Asked(access), None):  # type: ignore[arg-type]  # reads nothing else
            raise TooManyCalls(int(throttle.wait()))
        self.access, self.customer = access, customer
        self.words = Words(locale_of(request), settings_of(access.site).time_zone)
        with translation.override(self.words.language):
            response = self.answer(request, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ["Accept", "Accept-Language", "Authorization", "Cookie", "x-ep-user-traits"])
        return response

    def answer(self, request: HttpRequest, **names: str) -> HttpResponse:
        raise NotFound

    def reading(self, request: HttpRequest) -> Reading:
        sight = Sight(self.customer, request.headers.get("x-ep-account-shared-id", ""))
        return Reading(site=self.access.site, sight=sight, words=self.words, now=timezone.now())


class NothingView(FaceView):
    """An address that is none."""


class ResourceView(FaceView):
    """A resource of the table: GET, HEAD, OPTIONS, and POST where it is a form."""

    def answer(self, request: HttpRequest, **names: str) -> HttpResponse:
        row = TABLE[self.resource]
        allowed = ("GET", "HEAD", "OPTIONS", *(["POST"] if row.takes_post else []))
        if request.method not in allowed:
            raise MethodNotAllowed(*allowed)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": ", ".join(allowed)})
        keys = self.keys(names)
        if row.personal and self.customer is None:
            raise NotPermitted("Sign in as a customer for this.")
        reading = self.reading(request)
        if request.method == "POST":
            return self.submitted(request, reading, keys)
        return self.told(request, reading, node_of(reading, self.resource, keys))

    def keys(self, names: dict[str, str]) -> Keys:
        """The parts of the address. Raises NotFound for what is no id, and for another site."""
        keys: dict[str, str] = {}
        for name, value in names.items():
            if name == "scope":
                if value != self.access.site.slug:
                    raise NotFound
                keys[name] = value
            elif self.resource == "profile" and value == "default":
                keys[name] = str(self.customer.pk if self.customer else "")
            else:
                key = ids.decode(value)
                if key is None or "\0" in key:
                    raise NotFound
                keys[name] = key
        return keys

    def submitted(self, request: HttpRequest, reading: Reading, keys: Keys) -> HttpResponse:
        """201 and where what came of it is, which is answered too when that is asked for.

        A business state that is in the way is told as the form tells it. What is wrong with the address is told before
        anything is done; a zoom that turns out too large afterwards costs the contents of the answer, not its 201.
        """
        read_zoom(request.GET.getlist("zoom"))
        try:
            resource, made = forms.submit(request, reading, self.resource, keys)
        except Conflict:
            fresh = self.reading(request)
            blocking = [message for message in node_of(fresh, self.resource, keys).messages if message.blocks]
            if pages.asks_for_page(request) or not blocking:
                raise
            body = written_messages(blocking, mount=mount_of(request))
            return HttpResponse(as_json(body), status=409, content_type=JSON)
        if pages.asks_for_page(request):
            return pages.redirect_to(mount_of(request) + uri_of(resource, made))
        response = HttpResponse(status=201, content_type=JSON)
        if _follows(request.META.get("QUERY_STRING", "")):
            fresh = self.reading(request)
            with suppress(InvalidDocument):
                response = self.told(request, fresh, node_of(fresh, resource, made), status=201)
        response["Location"] = mount_of(request) + uri_of(resource, made)
        return response

    def told(self, request: HttpRequest, reading: Reading, node: Node, *, status: int = 200) -> HttpResponse:
        zoomed, page = "zoom" in request.GET, pages.asks_for_page(request)
        labels: dict[str, str] = {}
        if zoomed:
            zoom_into(reading, node, read_zoom(request.GET.getlist("zoom")))
        elif page:
            labels = labels_of(reading, node)
        answer = written(
            node,
            mount=mount_of(request),
            query=request.META.get("QUERY_STRING", "") if zoomed else "",
            format=read_format(",".join(request.GET.getlist("format"))),
        )
        if page:
            return pages.resource_page(
                request, answer, labels=labels, customer=self.customer, site=self.access.site, status=status
            )
        return HttpResponse(as_json(answer), status=status, content_type=JSON)


def _follows(query: str) -> bool:
    """`followlocation` in any letter case, bare or `=true`."""
    for part in query.split("&"):
        name, _, value = unquote_plus(part).partition("=")
        if name.lower() == "followlocation":
            return value.lower() in ("", "true")
    return False


_PLACE = re.compile(r"\{(\w+)\}")


def route_of(template: str) -> str:
    """The route for an address of the table: `/purchases/{scope}` → `cortex/purchases/<segment:scope>`."""
    return "cortex" + _PLACE.sub(r"<segment:\1>", template.rstrip("/"))
