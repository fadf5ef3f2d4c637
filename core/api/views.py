"""What every view under /api/v1 is made of."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.acting import act_as_asked
from core.actors import Actor
from core.api.access import Access
from core.api.authentication import ClientAuthentication
from core.api.bodies import BODY_LIMIT, read_json
from core.api.negotiation import JsonOnly, JsonParser
from core.api.permissions import HasScope
from core.api.renderer import JsonRenderer
from core.api.throttle import ClientThrottle
from core.models import Site


class JsonRequest(Request):
    """A request whose `data` is the JSON body, read within its limits (an empty body is no JSON)."""

    def _parse(self) -> tuple[Any, Any]:
        view = self.parser_context["view"]
        return read_json(self._request, limit=view.body_limit, array=view.body_is_array), {}


class ApiView(APIView):
    """An address for API clients: token and `Site-Id`, scopes, JSON in and out, problems as answers."""

    authentication_classes = [ClientAuthentication]
    permission_classes = [HasScope]
    parser_classes = [JsonParser]
    renderer_classes = [JsonRenderer]
    content_negotiation_class = JsonOnly
    throttle_classes = [ClientThrottle]
    metadata_class = None

    required_scopes: tuple[str, ...] = ()
    """One of these is needed; see `core.api.permissions.HasScope`."""
    person_methods: tuple[str, ...] = ()
    """What a person's token (password grant) may do here; HEAD follows GET. Every other method answers it 403."""
    person_scopes: tuple[str, ...] = ()
    """One of these a person's token needs here; none: as everybody."""
    body_limit = BODY_LIMIT
    body_is_array = False

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        return JsonRequest(
            request, authenticators=self.get_authenticators(), parser_context=self.get_parser_context(request)
        )

    def body(self) -> Any:
        """The decoded JSON body. Raises the refusals of `core.api.bodies.read_json`."""
        return read_json(self.http_request, limit=self.body_limit, array=self.body_is_array)

    @property
    def access(self) -> Access:
        return cast("Access", self.request.auth)

    @property
    def http_request(self) -> HttpRequest:
        """Django's own request, which preconditions and links are read from."""
        return self.request._request  # noqa: SLF001  # REST framework has no public name for it

    @property
    def site(self) -> Site:
        return self.access.site

    @property
    def actor(self) -> Actor:
        return self.access.actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.auth is not None:  # an address that is open to everybody has nobody
            act_as_asked(lambda: self.actor)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Only which methods there are (the `Allow` header)."""
        return Response(status=204)
