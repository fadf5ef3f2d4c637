"""Scopes: what a view asks for and what a token has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core.errors import NotPermitted
from core.scopes import read_scope

if TYPE_CHECKING:
    # REST framework loads this module while it loads its own views.
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """A view names in `required_scopes` the scopes of which one is needed, such as `("orders",)`.

    Reading is satisfied by the scope or its `.read` twin, everything else by the scope alone. A person's token holds
    `.read` scopes only, which also suffice for what the view opens to persons in `person_methods`; nothing else does.
    Where a person needs another scope than a program, the view names it in `person_scopes`.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        scopes: tuple[str, ...] = getattr(view, "required_scopes", ())
        if not scopes:
            raise ImproperlyConfigured(f"{type(view).__name__} names no required_scopes")
        method = request.method or ""
        if not hasattr(view, method.lower()):
            return True  # 405 says more than 403 would
        access: Any = request.auth
        held: frozenset[str] = access.scopes
        if access.person is not None:
            _check_person(view, method)
            scopes = getattr(view, "person_scopes", ()) or scopes
        elif not held.isdisjoint(scopes):
            return True
        reading = method in SAFE_METHODS or access.person is not None
        if reading and not held.isdisjoint(map(read_scope, scopes)):
            return True
        needed = " or ".join(map(read_scope, scopes) if reading else scopes)
        raise NotPermitted(f"This needs the scope {needed}.", code="scope-missing")


def _check_person(view: APIView, method: str) -> None:
    """Raises NotPermitted unless the view is open to persons for this method."""
    opened: tuple[str, ...] = getattr(view, "person_methods", ())
    asked = "GET" if method == "HEAD" else method
    if asked not in opened and not (opened and method == "OPTIONS"):
        raise NotPermitted("A customer's token does not reach this.", code="not-for-customers")
    if not hasattr(view, "reader"):
        raise ImproperlyConfigured(f"{type(view).__name__} is open to persons and does not ask who they are")
