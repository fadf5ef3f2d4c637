"""Every address below /cortex: one for each resource of the table, tokens, the browser's sign-in; others are none."""

from __future__ import annotations

from django.urls import path, re_path

from cortex import pages, representations  # noqa: F401  # registers what renders the resources
from cortex.table import TABLE
from cortex.tokens import TokenView
from cortex.views import NothingView, ResourceView, route_of

urlpatterns = [
    path("cortex/oauth2/tokens", TokenView.as_view(), name="cortex_tokens"),
    path("cortex/signin", pages.SignInView.as_view(), name="cortex_sign_in"),
    path("cortex/signout", pages.SignOutView.as_view(), name="cortex_sign_out"),
    *(
        path(route_of(row.template), ResourceView.as_view(resource=name), name=f"cortex_{name}")
        # An address with more fixed words first: `/purchases/{scope}/lookups/form` is no purchase.
        for name, row in sorted(TABLE.items(), key=lambda entry: entry[1].template.count("{"))
    ),
    re_path(r"^cortex(?:/.*)?$", NothingView.as_view(), name="cortex_nothing"),
]
