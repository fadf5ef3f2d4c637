"""Planted defects of what the system shows to the outside: scopes, pages, secrets, slow requests, settings."""

from __future__ import annotations

from planted.defect import Defect, Edit

SIGN_IN = "purchasing/pages/sign_in.py"
SIGN_IN_TESTS = "purchasing/tests/pages/test_sign_in.py"
PAGE_HEADERS = "purchasing/tests/pages/test_page_headers.py"

SCOPES = (
    Defect(
        "A reader writes",
        "the scope to read suffices for everything",
        Edit(
            "core/api/permissions.py", "reading = method in SAFE_METHODS or access.person is not None", "reading = True"
        ),
        "tests/test_scopes.py::test_a_scope_opens_what_it_is_for_and_nothing_else",
    ),
    Defect(
        "Headers that override the method",
        "a header makes another method of a call",
        Edit(
            "core/api/views.py",
            "        return JsonRequest(\n",
            '        request.method = request.META.get("HTTP_X_HTTP_METHOD_OVERRIDE", request.method)\n'
            "        return JsonRequest(\n",
        ),
        "core/tests/api/test_authentication.py::test_a_method_override_is_not_heard",
    ),
    Defect(
        "Asking for more",
        "every scope may be had",
        Edit(
            "core/api/oauth.py",
            "list(client.scopes if request.grant_type == PROGRAM else PERSON_SCOPES)",
            "list(SCOPES)",
        ),
        "core/tests/api/test_token_post.py::test_scope_narrows_and_never_widens",
    ),
    Defect(
        "The scope of a nested resource",
        "an address that names no scope is open",
        Edit(
            "core/api/permissions.py",
            'raise ImproperlyConfigured(f"{type(view).__name__} names no required_scopes")',
            "return True",
        ),
        "core/tests/api/test_authentication.py::test_a_view_without_scopes_is_a_fault_of_ours",
    ),
)

PAGES = (
    Defect(
        "Links of another scheme than http and https",
        "any address is stored",
        Edit("core/documents.py", 'if value and not value.lower().startswith(("http://", "https://")):', "if False:"),
        "purchasing/tests/api/test_purchase_put_faults.py::test_a_faulty_value",
    ),
    Defect(
        "Formulas in CSV and XLSX",
        "a cell is written as it is",
        Edit(
            "core/spreadsheets.py",
            """return f"'{text}" if text.startswith(DANGEROUS) or text.lstrip().startswith(DANGEROUS) else text""",
            "return text",
        ),
        "core/tests/test_spreadsheets.py::test_what_could_be_a_formula_is_text",
    ),
    Defect(
        "Open redirect after signing in",
        "any address is followed",
        Edit(
            SIGN_IN,
            "        address = self.get_success_url()\n        self.request.session[SEVERAL_KEY]",
            '        address = self.request.POST.get("next") or self.get_success_url()\n'
            "        self.request.session[SEVERAL_KEY]",
        ),
        f"{SIGN_IN_TESTS}::test_next_leads_to_no_other_host",
    ),
    Defect(
        "Session fixation",
        "the session that was there before is signed in",
        Edit(
            SIGN_IN,
            "        self.request.session.flush()\n        login(self.request, form.get_user())\n",
            "        self.request.session.cycle_key = lambda: None  # type: ignore[method-assign]\n"
            "        login(self.request, form.get_user())\n",
        ),
        f"{SIGN_IN_TESTS}::test_the_session_key_changes_on_signing_in",
    ),
    Defect(
        "Cookies that leave the site",
        "scripts can read the session's cookie",
        Edit("sparkproject/settings.py", "CSRF_COOKIE_HTTPONLY = True", "SESSION_COOKIE_HTTPONLY = False"),
        f"{PAGE_HEADERS}::test_cookies_are_for_this_host_s_pages_only",
    ),
    Defect(
        "Guessing passwords",
        "failures are not counted",
        Edit("core/sign_in.py", ".count() >= FAILURES:", ".count() < 0:"),
        "core/tests/test_sign_in.py::test_after_ten_failures_this_email_waits_at_this_address",
    ),
    Defect(
        "Scripts in customer pages",
        "scripts within a page are run",
        Edit("purchasing/pages/headers.py", "script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        f"{PAGE_HEADERS}::test_private_and_closed",
    ),
    Defect(
        "Private pages are kept by caches",
        "pages say nothing of caches",
        Edit("purchasing/pages/headers.py", '"no-store, private"', '"private"'),
        f"{PAGE_HEADERS}::test_private_and_closed",
    ),
    Defect(
        "A form sent by another site",
        "forms are taken without their token",
        Edit("sparkproject/settings.py", '    "django.middleware.csrf.CsrfViewMiddleware",\n', ""),
        f"{PAGE_HEADERS}::test_a_form_without_its_token_is_refused_on_a_page",
    ),
)

SECRETS = (
    Defect(
        "Client secrets and tokens readable in a dump, the back office or logs",
        "a client's secret is stored as it is",
        Edit(
            "core/models/oauth.py",
            "make_password(secret, hasher=ClientSecretHasher.algorithm)",
            "secret",
        ),
        "core/tests/api/test_token_post.py::test_neither_token_nor_secret_is_kept_in_the_clear",
    ),
    Defect(
        "Client secrets and tokens readable in a dump, the back office or logs",
        "values under the names of secrets are logged",
        Edit("core/logs.py", "if any(word in key.lower() for word in SECRET_WORDS):", "if False:"),
        "core/tests/test_logs.py::test_values_under_secret_names_are_hidden",
    ),
    Defect(
        "Personal data and `full_transaction` in logs",
        "a request is logged with its address",
        Edit(
            "core/middleware.py",
            'return f"{request.method} /{route}"',
            'return f"{request.method} {request.get_full_path()} {route}"',
        ),
        "core/tests/test_logs.py::test_a_request_is_logged_without_its_address",
        "tests/test_canary.py::test_nothing_that_was_sent_is_logged",
    ),
    Defect(
        "The server fetches addresses that callers send",
        "a room imports what fetches",
        Edit("purchasing/documents.py", "from __future__ import annotations\n", "import urllib.request\n"),
        "tests/test_nothing_is_fetched.py::test_no_room_imports_what_fetches",
    ),
)

REQUESTS = (
    Defect(
        "Huge, deep or endless bodies",
        "depth is not looked at",
        Edit("core/api/bodies.py", "        _check_depth(value)\n", "        pass\n"),
        "core/tests/api/test_bodies.py::test_depth",
    ),
    Defect(
        "Deep paging",
        "an offset may be any number",
        Edit("core/api/query.py", "HIGHEST_OFFSET = 2**31 - 1", "HIGHEST_OFFSET = 10**30"),
        "core/tests/api/test_query.py::test_what_is_unknown_or_wrong_is_named",
    ),
    Defect(
        "The database goes away, or is started anew",
        "a dead connection is taken to be alive",
        Edit("core/postgres/base.py", "if not self.errors_occurred and time.monotonic()", "if time.monotonic()"),
        "core/tests/test_postgres_backend.py::test_a_dead_connection_fails_one_request_and_is_replaced",
    ),
    Defect(
        "Unsafe settings in production",
        "a key that everybody knows is taken",
        Edit("sparkproject/settings.py", ' or SECRET_KEY.startswith(("django-insecure", "change-me"))', ""),
        "core/tests/test_settings.py::test_refused_in_one_sentence",
    ),
)

CHANGES = (
    Defect(
        "A change without a trace",
        "nobody is told who acts",
        Edit("core/postgres/exchange.py", "return None if who == self.told else who", "return None"),
        "tests/test_trail_of_changes.py::TestWhoAndWhen::test_by_the_api",
    ),
    Defect(
        "A change without a trace",
        "what a savepoint took back counts as told",
        Edit("core/postgres/base.py", "        self._nobody_told(None)\n", ""),
        "tests/test_trail_of_changes.py::test_what_is_taken_back_was_never_changed",
    ),
    Defect(
        "A change without a trace",
        "who acted stays with the connection",
        Edit(
            "core/trail.py",
            "set_config('sparkproject.actor', $1, true)",
            "set_config('sparkproject.actor', $1, false)",
        ),
        "tests/test_trail_of_changes.py::test_writers_at_the_same_moment_are_told_apart",
    ),
    Defect(
        "A change without a trace",
        "the trail of an erased person stays",
        Edit("purchasing/erasing.py", "    Change.objects.of(customer).update(before=None, after=None)\n", ""),
        "tests/test_trail_of_changes.py::test_erasing_a_person_empties_the_trail",
    ),
)

FACES: tuple[Defect, ...] = (*SCOPES, *PAGES, *SECRETS, *REQUESTS, *CHANGES)
