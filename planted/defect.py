"""What a planted defect is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Edit:
    """In `path` (from the project's directory) `old` becomes `new`."""

    path: str
    old: str
    new: str

    def fits(self, project: Path) -> bool:
        """Whether the old text stands there exactly once."""
        file = project / self.path
        return file.is_file() and file.read_text().count(self.old) == 1

    def apply(self, project: Path) -> None:
        """Raises ValueError when it does not fit."""
        if not self.fits(project):
            raise ValueError(f"{self.path}: the old text does not stand there once")
        file = project / self.path
        file.write_text(file.read_text().replace(self.old, self.new))


@dataclass(frozen=True, init=False, slots=True)
class Defect:
    """`threat`: the promise or threat as docs/security.md words it. `says`: the defect, in a few words."""

    threat: str
    says: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]

    def __init__(self, threat: str, says: str, *parts: Edit | str) -> None:
        object.__setattr__(self, "threat", threat)
        object.__setattr__(self, "says", says)
        object.__setattr__(self, "edits", tuple(part for part in parts if isinstance(part, Edit)))
        object.__setattr__(self, "tests", tuple(part for part in parts if isinstance(part, str)))
