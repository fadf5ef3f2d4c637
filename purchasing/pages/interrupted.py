"""A form that was sent after its session had ended: nothing is done, and what was typed stands in it again.

What was typed is kept in the browser, signed, as a cookie that the sign-in alone is sent, until somebody signs in there
to come back to that page. Nothing is sent again: the page says so, and its button has to be pressed once more. Words
that the page itself put into the form are not kept, nor are passwords. Of what is too long for a cookie nothing is, and
the page says that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SESSION_KEY = "account_interrupted"
COOKIE = "account_interrupted"
KEPT = timedelta(minutes=15)
MOST = 3_500
"""Characters of the cookie: browsers keep 4,096 bytes of each."""
_SALT = "account.interrupted"
_SAID_BY_THE_PAGE = frozenset({"csrfmiddlewaretoken", "seen", "shown", "kind", "customer", "next"})

NOTHING_SENT = _("Your session has ended, so nothing was sent. Sign in to do it once more.")
SIGN_IN = _("Your session has ended, so nothing was sent. Sign in: what you typed will stand in the form again.")
ONCE_MORE = _("Your session had ended, so nothing was sent. Do it once more if you still want it.")
TYPED_AGAIN = _(
    "Your session had ended, so nothing was sent. What you typed stands here again: look at it, and send it."
)


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What was typed on which page, by the names of the fields."""

    page: str
    typed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def before_signing_in(self) -> Promise:
        return SIGN_IN if self.typed else NOTHING_SENT

    @property
    def after_signing_in(self) -> Promise:
        return TYPED_AGAIN if self.typed else ONCE_MORE

    def fill(self, found: Iterable[object]) -> None:
        """Let the forms among these that were not sent begin with what was typed in them."""
        for form in found:
            if isinstance(form, forms.BaseForm) and not form.is_bound and form.fields.keys() & self.typed.keys():
                form.initial = {**form.initial, **{name: self.typed.get(name, "") for name in form.fields}}


def keep_typed(request: HttpRequest, answer: HttpResponseBase, *, page: str) -> None:
    """`answer` leads to signing in, and the request was to do something on this page."""
    typed = {
        name: str(value)
        for name, value in request.POST.items()
        if name not in _SAID_BY_THE_PAGE and "password" not in name
    }
    texts = (signing.dumps([page, kept], salt=_SALT, compress=True) for kept in (typed, {}))
    text = next((text for text in texts if len(text) <= MOST), None)
    if text is None:  # such an address is no page of ours
        return
    answer.set_cookie(
        COOKIE,
        text,
        max_age=KEPT,
        path=reverse("account:login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def kept_typed(request: HttpRequest, *, page: str) -> Interrupted | None:
    """What this browser keeps of that page, when somebody signs in to come back to it."""
    try:
        kept, typed = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    return Interrupted(kept, typed) if kept == page else None


def hand_on(request: HttpRequest, answer: HttpResponseBase, *, page: str) -> None:
    """Whoever has just signed in to come back to this page finds there what was typed; the cookie goes."""
    if interrupted := kept_typed(request, page=page):
        request.session[SESSION_KEY] = [interrupted.page, dict(interrupted.typed)]
    if COOKIE in request.COOKIES:
        answer.delete_cookie(COOKIE, path=reverse("account:login"), samesite="Lax")


def come_back(request: HttpRequest) -> Interrupted | None:
    """What was typed on the page that is asked for now, once: the first page after signing in."""
    if SESSION_KEY not in request.session:
        return None
    page, typed = request.session.pop(SESSION_KEY)
    return Interrupted(page, typed) if page == request.get_full_path() else None
