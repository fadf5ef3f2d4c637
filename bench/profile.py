"""`python -m bench.profile`: what the operations of the benchmark spend their time on, room by room.

In this process, without a web server: the stack is looked at every millisecond or so that it was on a processor. Words
on the command line choose operations. Uses a database of 1,000 purchases that it keeps.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

import psutil

from bench.cpu import seconds_of_tree
from bench.load import OK, Call, Client
from bench.rooms import Frame, Samples
from bench.scenarios import ACCOUNT, BULK, GET, LIST, NEW, OFFICE, OPERATIONS, PAY, REPLACED, SAME
from bench.servers import kept_database, product
from bench.stage import settle
from core.devdb import PROJECT

PURCHASES = 1_000
CALLS = int(os.environ.get("BENCH_CALLS", "600"))
FUNCTIONS = 14
EVERY = 0.001
SHOWN = (NEW, REPLACED, SAME, GET, LIST, PAY, BULK, OFFICE, ACCOUNT)
_HERE = f"{PROJECT}/"


def main() -> None:
    with contextlib.ExitStack() as stack:
        url, postmaster, note = stack.enter_context(kept_database(PURCHASES))
        settle(url)
        from bench.cast import find_cast, numbers_of  # noqa: PLC0415  # these need settings
        from bench.fill import fill, migrate, sign_in  # noqa: PLC0415

        migrate()
        if not note.exists():
            fill(PURCHASES)
            note.write_text(str(PURCHASES))
        with product(postmaster) as server:
            headers = sign_in(server)
            program = Client(server, headers)
            cast = find_cast(program, searches=4)
            program.close()
        from sparkproject.wsgi import application  # noqa: PLC0415  # needs settings

        for number, count in ((0, 60), (1, CALLS)):  # the first warms up
            for operation in OPERATIONS:
                if operation.name in SHOWN:
                    calls = operation.calls(numbers_of(cast, number, count), cast)
                    samples, own, theirs = profile(application, calls, headers, postmaster)
                    if number and all(word in operation.name for word in sys.argv[1:]):
                        tell(operation.name, samples, own, theirs)


def profile(
    application: Callable[..., Any], calls: Sequence[Call], headers: Mapping[str, str], postmaster: psutil.Process
) -> tuple[Samples, float, float]:
    """The samples of all calls; milliseconds of CPU of each in this process, and in PostgreSQL's."""
    samples = Samples()

    def look(_signal: int, frame: FrameType | None) -> None:
        samples.add(frames(frame))

    own, theirs = time.process_time(), seconds_of_tree(postmaster)
    old = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        for call in calls:
            _ask(application, call, {**headers, **call.headers} if call.headers else headers)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, old)
    each = 1000 / len(calls)
    return samples, (time.process_time() - own) * each, (seconds_of_tree(postmaster) - theirs) * each


def frames(frame: FrameType | None) -> Iterator[Frame]:
    """The stack from its innermost frame on; paths of libraries begin with the library."""
    while frame is not None:
        path = frame.f_code.co_filename.rpartition("/site-packages/")[2].removeprefix(_HERE)
        yield path, frame.f_code.co_name
        frame = frame.f_back


def tell(name: str, samples: Samples, own: float, theirs: float) -> None:
    from bench.report import as_text  # noqa: PLC0415

    headings = ("room", "functions", "own ms", "with what they call", "")
    print(f"{name}: {own:.2f} ms here ({samples.total:,} samples), {theirs:.2f} ms in PostgreSQL")
    print(as_text([headings, *samples.rows(own, functions=FUNCTIONS)]), end="\n\n", flush=True)


def _ask(application: Callable[..., Any], call: Call, headers: Mapping[str, str]) -> None:
    path, _, query = call.path.partition("?")
    environ = {
        "REQUEST_METHOD": call.method,
        "PATH_INFO": path,
        "RAW_URI": call.path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(call.body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(call.body),
        "wsgi.errors": sys.stderr,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    said: list[str] = []
    answer = application(environ, lambda status, *_rest: said.append(status))
    b"".join(answer)
    answer.close()
    if int(said[0][:3]) not in OK:
        raise SystemExit(f"bench: {call.method} {call.path} was answered {said[0]}.")


if __name__ == "__main__":
    main()
