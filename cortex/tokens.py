"""/cortex/oauth2/tokens: a token for a password, or for a visitor; and the end of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from core.errors import Fault, InvalidDocument
from cortex.bodies import read_form
from cortex.envelope import as_json
from cortex.pages import bearer_of
from cortex.refusals import MethodNotAllowed, UnsupportedGrant
from cortex.sign_in import Granted, Role, sign_in, sign_out, visit


@method_decorator(csrf_exempt, name="dispatch")  # nobody is known by a cookie here
class TokenView(View):
    """Asks for no token: this is where one comes from."""

    http_method_names = ["post", "delete", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        granted = _granted(request)
        answer = {
            "access_token": granted.token,
            "token_type": "bearer",
            "expires_in": granted.expires_in,
            "scope": granted.site.slug,
            "role": granted.role.value,
        }
        headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
        return HttpResponse(as_json(answer), content_type="application/json", headers=headers)

    def delete(self, request: HttpRequest) -> HttpResponse:
        token = bearer_of(request)
        if token:
            sign_out(token)
        return HttpResponse(status=204)

    def http_method_not_allowed(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        raise MethodNotAllowed("POST", "DELETE", "OPTIONS")


def _granted(request: HttpRequest) -> Granted:
    """Raises what `sign_in` raises, and InvalidDocument naming every field that is missing or wrong."""
    fields = read_form(request)
    if not fields.get("grant_type"):
        raise InvalidDocument(faults=[_needed("grant_type")])
    if fields["grant_type"] != "password":
        raise UnsupportedGrant
    role = fields.get("role") or Role.REGISTERED
    if role not in list(Role):
        raise InvalidDocument("role is REGISTERED or PUBLIC.", code="invalid", property="role")
    needed = ("scope", "username", "password") if role == Role.REGISTERED else ("scope",)
    if missing := [name for name in needed if not fields.get(name)]:
        raise InvalidDocument(faults=[_needed(name) for name in missing])
    if too_long := [name for name in needed if len(fields[name]) > 1000]:
        raise InvalidDocument(faults=[Fault("too-long", name, f"{name} is too long.") for name in too_long])
    now = timezone.now()
    if role == Role.PUBLIC:
        return visit(site_slug=fields["scope"], now=now)
    return sign_in(
        request, site_slug=fields["scope"], username=fields["username"], password=fields["password"], now=now
    )


def _needed(name: str) -> Fault:
    return Fault("required", name, f"{name} is needed.")
