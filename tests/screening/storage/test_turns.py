"""Writers of one file are let through one at a time, in the order in which they came."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest

from screening.refusals import Refused
from screening.storage.turns import Turns


def test_everybody_comes_in_the_order_of_coming() -> None:
    turns, came = Turns(), []
    held = ExitStack()
    held.enter_context(turns.take(0))

    def write(number: int) -> None:
        with turns.take(30):
            came.append(number)

    threads = []
    for number in range(20):
        threads.append(threading.Thread(target=write, args=(number,)))
        threads[-1].start()
        while len(turns._waiting) <= number:
            assert threads[-1].is_alive()
    assert came == []
    held.close()
    for thread in threads:
        thread.join(30)
    assert came == list(range(20))


def test_one_at_a_time() -> None:
    turns, inside, most = Turns(), 0, 0

    def write() -> None:
        nonlocal inside, most
        for _ in range(200):
            with turns.take(30):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (most, inside) == (1, 0)


def test_who_waits_too_long_is_told_and_disturbs_nobody() -> None:
    turns = Turns()
    with turns.take(0):
        with pytest.raises(Refused) as told, turns.take(0.01):
            pass
        assert [one.code for one in told.value.faults] == ["S110"]
    with turns.take(0):
        pass


def test_a_turn_is_passed_on_after_a_failure() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.take(0):
        raise ZeroDivisionError
    with turns.take(0):
        pass
