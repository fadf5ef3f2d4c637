"""`python -m torture`: drives a real server on a database of its own, one line of figures for each drive.

Ends with code 1 when a figure is missed. Words name the drives; without any all are driven.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
from pathlib import Path

import django

from torture.outcome import DRIVES, drives_here

SMALL = {
    "hostile": 200,
    "toggles": 160,
    "births": 40,
    "kills": 1,
    "sites": 150,
    "soak": 3,
    "replica": 60,
    "pooler": 24,
    "dump": 60,
    "office": 40,
    "upgrade": 60,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    sizes = "\n".join(f"{name:8} {size:6} {unit}" for name, (size, unit) in DRIVES.items())
    parser.add_argument("drives", nargs="*", metavar="drive", help=f"of these, with what they are driven by:\n{sizes}")
    parser.add_argument("--size", type=int, help="another size, for every drive that is named")
    parser.add_argument("--small", action="store_true", help="some seconds of each; times and memory are not judged")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="repeats what was sent at random")
    words = parser.parse_args()
    names = words.drives or drives_here()
    if unknown := set(names) - set(DRIVES):
        parser.error(f"no drive is called {', '.join(sorted(unknown))}")
    print(f"torture: seed {words.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="torture-") as directory:
        return _drive(names, words, Path(directory))


def _drive(names: list[str], words: argparse.Namespace, directory: Path) -> int:
    from torture.database import Database

    with Database(directory / "postgres") as database:
        # As in production, but for TLS and hashed static files: whatever else may be set stays at its default.
        os.environ.update(DATABASE_URL=database.url, HTTPS="0", DEBUG="0", LOG_LEVEL="CRITICAL", STATIC_MANIFEST="0")
        os.environ.update(DJANGO_SETTINGS_MODULE="sparkproject.settings", SECRET_KEY=secrets.token_urlsafe(60))
        os.environ.update(ENV_FILE=str(directory / "no .env of one's own"))
        django.setup()
        from torture.drives import DRIVERS
        from torture.stage import staged

        outcomes = []
        with staged(database, seed=words.seed, judges_times=not words.small) as stage:
            for name in names:
                size = words.size or (SMALL[name] if words.small else DRIVES[name][0])
                outcomes.append(DRIVERS[name](stage, size))
                print(outcomes[-1], flush=True)
    return int(any(outcome.faults for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
