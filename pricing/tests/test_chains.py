"""Whether rules end somewhere."""

from __future__ import annotations

import pytest

from pricing.chains import is_cyclic, levels_through

CHAIN = [(1, 2), (2, 3), (3, 4)]


@pytest.mark.parametrize(
    ("edges", "start", "cyclic"),
    [
        ([], 1, False),
        (CHAIN, 1, False),
        ([*CHAIN, (4, 1)], 1, True),
        ([*CHAIN, (4, 1)], 3, True),
        ([(1, 1)], 1, True),
        ([(1, 2), (1, 3), (2, 4), (3, 4)], 1, False),
        ([(1, 2), (2, 3), (3, 2)], 1, False),  # a circle elsewhere: not through 1
    ],
)
def test_cycles(edges: list[tuple[int, int]], start: int, cyclic: bool) -> None:
    assert is_cyclic(edges, start) is cyclic


@pytest.mark.parametrize(
    ("edges", "start", "levels"),
    [
        ([], 1, 1),
        (CHAIN, 1, 4),
        (CHAIN, 3, 4),
        (CHAIN, 4, 4),
        ([(1, 2), (1, 3), (3, 4)], 1, 3),
        ([(1, 3), (2, 3)], 3, 2),
    ],
)
def test_levels(edges: list[tuple[int, int]], start: int, levels: int) -> None:
    assert levels_through(edges, start) == levels
