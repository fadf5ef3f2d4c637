"""Commands of `docs/operations.md`, word for word, by a shell in which only the machine around them is another.

What is another: who runs them (`sudo`), the services (`systemctl`, whose words are noted), where program and backups
lie, and which server PostgreSQL's programs reach by themselves.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from core.devdb import PROJECT

BACKUPS, INSTALLED = "/var/backups", "/srv/sparkproject/app"
SHELL = """
set -euo pipefail
sudo() { shift 2; "$@"; }
systemctl() { echo "$@" >> "$SERVICES"; }
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where the commands run: `url` is the database, `scratch` a directory for what they write.

    `program`: the directory of the program. `shell`: what else is another, such as `git() { :; }`.
    """

    url: str
    programs: Path
    scratch: Path
    program: Path = PROJECT
    shell: str = ""

    def run(self, commands: str) -> subprocess.CompletedProcess[str]:
        """What they said, and the code of the first that failed. Services were told what `services` answers."""
        socket = parse_qs(urlsplit(self.url).query)["host"][0]
        environment = {
            **os.environ,
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "PGHOST": socket,
            "PGUSER": "postgres",
            "DATABASE_URL": self.url,
            "SERVICES": str(self.scratch / "services"),
        }
        here = commands.replace(BACKUPS, f"'{self.scratch}'").replace(INSTALLED, f"'{self.program}'")
        words = ["bash", "-c", SHELL + self.shell + here]
        return subprocess.run(words, cwd=self.program, env=environment, capture_output=True, text=True, check=False)

    def services(self) -> list[str]:
        noted = self.scratch / "services"
        return noted.read_text().splitlines() if noted.exists() else []


def blocks(chapter: str, language: str = "") -> list[str]:
    """The fenced blocks of this language below the heading that begins with `chapter`, such as `7.`."""
    text = (PROJECT / "docs" / "operations.md").read_text()
    [below] = re.findall(rf"^## {re.escape(chapter)} .*\n((?:(?!^## ).*\n)*)", text, re.MULTILINE)
    found = re.findall(r"^```(\w*)\n(.*?)^```$", below, re.MULTILINE | re.DOTALL)
    return [commands for name, commands in found if name == language]


def nightly() -> list[str]:
    """What cron runs each night, line by line, without its times and users."""
    [table] = blocks("7.")
    return [line.split(maxsplit=6)[6].replace("\\%", "%") for line in table.splitlines()]
