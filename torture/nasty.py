"""What nobody should send, by chance."""

from __future__ import annotations

import random
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

TEXTS: Sequence[str] = (
    "", " ", "\x00", "\ufffe", "\u202e", "a" * 256, "a" * 10_001, "e\u0301" * 300, "\u0661", "NaN", "1e309", "-", "0x1",
    "javascript:alert(1)", "https://", "//", "cu_1", "cu_99999999999999999999", "o_0", "{{7*7}}", "${7*7}", "%s%n{0}",
    "'; SELECT 1; --", "<script>alert(1)</script>", "=1+1", "../../etc/passwd", "2026-01-01T00:00:60Z",
    "9999-12-31T23:59:59-14:00", "0000-00-00T00:00:00Z", "63428136-658f-48a6-beb7-7f333dfd9686", "GBP", "xxx",
    "999999999999.999999", "-999999999999.999999", "0.0000001", "null", "true", "\r\nX: a", "\U0001f9d7" * 60,
)  # fmt: skip
NUMBERS: Sequence[Any] = (
    0, -0.0, 1, -1, 1e300, 5e-324, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 1e15, 0.1 + 0.2, 999_999_999_999.999,
)  # fmt: skip
RAW: Sequence[bytes] = (
    b"", b"{", b"[]", b"null", b'"', b"\xff\xfe", b"\xef\xbb\xbf{}", b"[" * 100_000, b'{"a":' * 10_000,
    b'{"a":' + b"9" * 100_000 + b"}", b'{"a":1e999}', b'{"a":NaN}', b'{"a":"\\ud800"}', b'{"a":"\\u0000"}',
    b'{"a":1,"a":2}', b'{"' + b"k" * 100_000 + b'":1}', b"{}" * 1000, b'{"packages":' + b"[{}," * 5_000,
)  # fmt: skip
HEADERS: Sequence[tuple[str, str]] = tuple(
    (name, value)
    for name in (
        "If-Match", "If-None-Match", "Idempotency-Key", "Site-Id", "Authorization", "Accept", "Content-Type",
        "Content-Encoding", "Accept-Language", "X-HTTP-Method-Override", "X-Forwarded-Host", "Cookie", "Range",
    )
    for value in (
        "", "*", 'W/"', '"1.r1.0"', ",", "Bearer", "Bearer x", "Bearer " + "x" * 4000, '"' * 3000, "a," * 2000, "\xff",
        "gzip", "text/plain", "application/json; charset=utf-16", "DELETE", "en;q=" + "9" * 100, "bytes=0-0,1-1",
        "sessionid=" + "a" * 500, "torture-beside", "torture,torture-beside", "127.0.0.1:9",
    )
)  # fmt: skip


def value(choose: random.Random, depth: int = 2) -> Any:
    """A text, a number, or a small structure of them."""
    kind = choose.randrange(8 if depth else 6)
    if kind < 3:
        return choose.choice(TEXTS)
    if kind < 5:
        return choose.choice(NUMBERS)
    if kind == 5:
        return choose.choice((None, True, False))
    if kind == 6:
        return [value(choose, depth - 1) for _ in range(choose.randrange(4))]
    names = ("number", "currency", "sku", "uri", "id", "", "x" * 300)
    return {choose.choice(names): value(choose, depth - 1) for _ in range(choose.randrange(4))}


def spoilt(good: Any, choose: random.Random) -> Any:
    """A copy of a good document in which some members were replaced, taken out or doubled."""
    document = deepcopy(good)
    for _ in range(choose.randint(1, 3)):
        node, key = _place(document, choose)
        if node is None:
            return value(choose)
        match choose.randrange(4):
            case 0:
                del node[key]
            case 1:
                node[key] = [node[key]] * choose.randrange(4)
            case _:
                node[key] = value(choose)
    return document


def _place(document: Any, choose: random.Random) -> tuple[Any, Any]:
    """Where a member is: its holder and its key; (None, None) when there is none."""
    places: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        node = waiting.pop()
        keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for key in keys:
            places.append((node, key))
            waiting.append(node[key])
    return choose.choice(places) if places else (None, None)
