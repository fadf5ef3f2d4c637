"""What processes cost: the time they were on a processor, and the memory they hold."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Memory:
    """One process, in MB. `pss` counts what several processes share by each one's part; None where nobody tells."""

    process: str
    rss: float
    pss: float | None


def seconds_of_tree(process: psutil.Process) -> float:
    """CPU seconds of the process and all below it, user and system, ended children included."""
    total = 0.0
    for member in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):  # ended meanwhile: its parent has its time
            times = member.cpu_times()
            total += _on_processor(member.pid) or times.user + times.system
            total += times.children_user + times.children_system
    return total


def memory_of_tree(process: psutil.Process) -> list[Memory]:
    """The first process, then each below it."""
    found = []
    for place, member in enumerate([process, *process.children(recursive=True)]):
        held = member.memory_full_info()
        pss = getattr(held, "pss", None)
        name = f"worker {place}" if place else "master"
        found.append(Memory(name, rss=held.rss / 1e6, pss=None if pss is None else pss / 1e6))
    return found


def _on_processor(pid: int) -> float:
    """The same of the threads that live, where the kernel tells; else 0. It counts nanoseconds, psutil 10 ms steps."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(FileNotFoundError):
            total += int(task.read_text().split(" ", 1)[0])
    return total / 1e9
