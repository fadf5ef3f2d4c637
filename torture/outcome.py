"""What a drive came to."""

from __future__ import annotations

from dataclasses import dataclass, field

DRIVES = {
    "hostile": (20_000, "requests"),
    "toggles": (10_000, "toggles"),
    "births": (300, "requests at one moment"),
    "kills": (50, "kills of the server; of the database a fifth of it; 400 writes for each"),
    "sites": (5_000, "probes"),
    "soak": (600, "seconds"),
    "dump": (2_000, "writes while it is dumped"),
    "upgrade": (2_000, "writes while it is migrated"),
}
"""The drives, how large each is, and in what."""
SHOWN = 10


@dataclass(slots=True)
class Outcome:
    """`figures` are told; `faults` are what must not be: one makes the whole run fail."""

    name: str
    figures: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def expect(self, condition: object, fault: str) -> None:
        """Note the fault unless the condition holds."""
        if not condition:
            self.faults.append(fault)

    def __str__(self) -> str:
        figures = ", ".join(f"{name} {value}" for name, value in self.figures.items())
        lines = [f"{self.name:8} {'MISSED' if self.faults else 'reached'}: {figures}"]
        lines += [f"    {fault}" for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            lines.append(f"    … and {len(self.faults) - SHOWN} more")
        return "\n".join(lines)


def quantile(seconds: list[float], share: float) -> float:
    """The time that this share of the calls did not exceed; 0 of none."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] if seconds else 0.0
