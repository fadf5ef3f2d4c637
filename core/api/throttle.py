"""How often a client may call: the site's setting `throttle_per_minute`, off by default."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.api.access import Access

COUNT = """
    INSERT INTO core_clientcalls (site_id, client_id, minute, calls)
    VALUES (%(site)s, %(client)s, date_trunc('minute', now()), 1)
    ON CONFLICT (client_id) DO UPDATE
       SET calls = CASE WHEN core_clientcalls.minute = EXCLUDED.minute THEN core_clientcalls.calls + 1 ELSE 1 END,
           minute = EXCLUDED.minute
    RETURNING calls
"""


class ClientThrottle(BaseThrottle):
    """Counts a client's calls of the present minute, in the database: all processes count together.

    Where there is no limit nothing is counted.
    """

    def allow_request(self, request: Request, _view: Any) -> bool:
        access: Access | None = request.auth  # type: ignore[assignment]  # REST framework knows its own tokens only
        if access is None or access.calls_per_minute is None:
            return True
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"site": access.site.pk, "client": access.client_pk})
            calls: int = cursor.fetchone()[0]
        return calls <= access.calls_per_minute

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return 60 - timezone.now().second
