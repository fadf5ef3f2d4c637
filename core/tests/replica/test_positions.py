"""How old a replica is, as a process sees it, and when it is asked at all."""

from __future__ import annotations

from core.replica.positions import LOST_SECONDS, Positions


def seen(*primary: tuple[float, int], replayed: int) -> Positions:
    """A process that saw the primary at these moments and positions, and the replica once."""
    positions = Positions(bound=5.0)
    for moment, position in primary:
        positions.primary_is_at(position, moment)
    positions.replica_is_at(replayed)
    return positions


def test_a_replica_that_has_everything_is_of_no_age() -> None:
    assert seen((0.0, 100), replayed=100).age(1000.0) == 0


def test_its_age_is_counted_from_when_the_primary_was_where_it_is() -> None:
    positions = seen((0.0, 100), (1.0, 200), (2.0, 300), replayed=250)
    assert positions.age(4.0) == 3.0


def test_what_is_older_than_all_that_is_remembered_has_no_known_age() -> None:
    assert seen((0.0, 100), replayed=50).age(0.0) is None
    positions = seen((0.0, 100), replayed=100)
    for second in range(1, 30):
        positions.primary_is_at(100 + second, float(second))
    assert positions.age(29.0) is None


def test_an_idle_primary_makes_no_replica_older() -> None:
    positions = seen((0.0, 100), (60.0, 100), replayed=100)
    positions.primary_is_at(200, 60.0)
    assert positions.age(60.5) == 0.5


def test_positions_between_two_samples_make_it_older_not_younger() -> None:
    positions = seen((0.0, 100), (0.01, 200), replayed=150)
    assert positions.age(1.0) == 1.0
    positions.replica_is_at(200)
    assert positions.age(1.0) == 0


def test_fresh_is_young_enough_and_has_what_is_needed() -> None:
    positions = seen((0.0, 100), (1.0, 200), replayed=150)
    assert positions.is_fresh(1.0, within=1.0, needed=None)
    assert positions.is_fresh(1.0, within=1.0, needed=150)
    assert not positions.is_fresh(1.0, within=1.0, needed=151)
    assert not positions.is_fresh(1.1, within=1.0, needed=None)


def test_a_lost_replica_is_left_alone_then_tried_by_one_until_it_answers() -> None:
    positions = seen((0.0, 100), replayed=100)
    assert positions.may_be_asked(0.0)
    positions.is_lost(0.0)
    assert positions.seems_lost()
    assert not positions.may_be_asked(LOST_SECONDS - 0.1)
    assert [positions.may_be_asked(LOST_SECONDS) for _ in range(3)] == [True, False, False]
    positions.replica_is_at(100)
    assert [positions.may_be_asked(LOST_SECONDS) for _ in range(2)] == [True, True]
    assert not positions.seems_lost()
