"""The server asks no address that a caller sends: documents hold addresses for people to follow.

Mail goes to the server that the operator has set, which no caller names.
"""

from __future__ import annotations

import ast
import socket
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from purchasing.tests.bodies import PURCHASES, payment, rich_order
from tests.callers import ApiCaller

ROOMS = ("core", "customers", "catalog", "pricing", "purchasing", "cortex")
FETCHING = {
    "urllib.request", "http.client", "ftplib", "telnetlib", "xmlrpc", "socket", "requests", "httpx",
    "urllib3", "aiohttp", "pycurl",
}  # fmt: skip
OWN_ADDRESS = "https://x.example"
"""Which the document speaks of throughout."""


def imports_of(source: str) -> set[str]:
    """Every module that is imported, wherever it is."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_no_room_imports_what_fetches(project: Path) -> None:
    sources = [path for room in ROOMS for path in (project / room).rglob("*.py") if "tests" not in path.parts]
    assert len(sources) > 200
    assert {path.name: found for path in sources if (found := imports_of(path.read_text()) & FETCHING)} == {}


def test_what_fetches_would_be_found() -> None:
    assert imports_of("def ask():\n    from urllib import request") & FETCHING == {"urllib.request"}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0)
        yield listening


def test_no_address_of_a_document_is_asked(api: ApiCaller, listener: socket.socket) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    document = orjson.dumps(rich_order() | {"invoice_url": f"{OWN_ADDRESS}/2"}).replace(
        OWN_ADDRESS.encode(), address.encode()
    )
    path = f"{PURCHASES}/internal/I-1"
    assert document.count(address.encode()) >= 4
    answers = [
        api.put(path, body=document),
        api.put(f"{path}/transactions", json=payment(full_transaction=address)),
        api.get(path),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert address in answers[2].content.decode()
    with pytest.raises(BlockingIOError):  # nobody has connected
        listener.accept()


def test_a_connection_would_be_noticed(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()):
        connection, _address = listener.accept()
        connection.close()
