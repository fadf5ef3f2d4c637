"""The language of pages: what the person has chosen, kept with the login, else what the browser asks for.

A cookie repeats the choice for pages before signing in, and for the pages that say what went wrong.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from core.models import User

A_YEAR = timedelta(days=365)


def speak(request: HttpRequest, user: User) -> None:
    """From here on the answer is in the language of this person."""
    if user.language:
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language


def remember_language(answer: HttpResponseBase, user: User) -> None:
    """In this browser too; one that another person chose here is forgotten."""
    if user.language:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=A_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
