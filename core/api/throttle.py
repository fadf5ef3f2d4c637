"""How often a client, or a customer, may call: the site's setting `throttle_per_minute`, off by default."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.api.access import Access

COUNT = """
    INSERT INTO {table} AS counted (site_id, {caller}, minute, calls)
    VALUES (%(site)s, %(caller)s, date_trunc('minute', now()), 1)
    ON CONFLICT ({unique}) DO UPDATE
       SET calls = CASE WHEN counted.minute = EXCLUDED.minute THEN counted.calls + 1 ELSE 1 END,
           minute = EXCLUDED.minute
    RETURNING calls
"""
COUNT_CLIENT = COUNT.format(table="core_clientcalls", caller="client_id", unique="client_id")
COUNT_PERSON = COUNT.format(table="core_personcalls", caller="user_id", unique="user_id, site_id")


class ClientThrottle(BaseThrottle):
    """Counts a caller's calls of the present minute, in the database: all processes count together.

    Where there is no limit nothing is counted.
    """

    def allow_request(self, request: Request, _view: Any) -> bool:
        access: Access | None = request.auth  # type: ignore[assignment]  # REST framework knows its own tokens only
        if access is None or access.calls_per_minute is None:
            return True
        count, caller = (COUNT_PERSON, access.person.pk) if access.person else (COUNT_CLIENT, access.client_pk)
        with connection.cursor() as cursor:
            cursor.execute(count, {"site": access.site.pk, "caller": caller})
            calls: int = cursor.fetchone()[0]
        return calls <= access.calls_per_minute

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return 60 - timezone.now().second
