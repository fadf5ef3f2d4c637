"""Every answer of the API in a test, whoever asked for it and however, is one that its description promises.

A middleware looks at what leaves, so neither a plain `Client` nor a live server's caller comes past it. (A server that
a test starts as a process of its own does.)
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tests.description import expect_described

_undescribed: list[str] = []


def watched(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that `conftest.py` puts outermost: notes what is not as described and lets everything pass."""

    def watch(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        if settings.ROOT_URLCONF == "sparkproject.urls":  # a test may bring addresses of its own
            try:
                expect_described(request.method or "", getattr(request, "raw_path", request.path), answer)
            except AssertionError as fault:
                _undescribed.append(str(fault))
        return answer

    return watch


def expect_nothing_undescribed() -> None:
    """Fails for what was noted since it was called last."""
    faults, _undescribed[:] = list(_undescribed), []
    assert not faults, "\n".join(faults)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    _undescribed.clear()
    result = yield
    expect_nothing_undescribed()
    return result
