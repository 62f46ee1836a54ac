"""Waiting times, counted in the database: for several at once, and with a clock that is set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from screening.people import attempts
from screening.people.access import SYSTEM
from screening.people.attempts import Guess, Limit
from screening.people.second_factors import find_step
from screening.refusals import Refused
from screening.storage.tables.people import SignInAttempt
from screening.work import Service
from tests.services import HandClock

MINUTE = timedelta(minutes=1)
LIMIT = Limit("test", 3, MINUTE, 4 * MINUTE, 60 * MINUTE)
GUESS = Guess(LIMIT, "somebody")


def attempt(service: Service, *guesses: Guess, right: bool = False) -> int:
    """Try once; the seconds to wait, or 0."""
    attempts.catch_up(service)
    try:
        with service.work(SYSTEM) as work:
            counted = attempts.begin(work, guesses or [GUESS])
            if right:
                attempts.forgive(work, counted, all_of=guesses or [GUESS])
    except Refused as error:
        return int(error.faults[0].slots["seconds"])
    return 0


def test_waits_grow_and_end(service: Service, clock: HandClock) -> None:
    assert [attempt(service) for _ in range(4)] == [0, 0, 0, 60]
    waits = []
    for _ in range(4):
        clock.move(seconds=attempt(service))
        assert attempt(service) == 0
        waits.append(attempt(service))
    assert waits == [120, 240, 240, 240]
    clock.move(minutes=61)
    assert attempt(service) == 0


def test_a_success_forgives(service: Service) -> None:
    assert [attempt(service) for _ in range(2)] == [0, 0]
    assert attempt(service, right=True) == 0
    assert [attempt(service) for _ in range(4)] == [0, 0, 0, 60]


def test_one_of_several_guesses_is_enough_to_wait(service: Service) -> None:
    other = Guess(LIMIT, "another")
    for _ in range(3):
        attempt(service, GUESS)
    assert attempt(service, other, GUESS) == 60
    assert attempt(service, other) == 0


def test_an_administrator_can_clear(service: Service) -> None:
    for _ in range(3):
        attempt(service)
    with service.work(SYSTEM) as work:
        assert attempts.failures(work, GUESS) == 3
        attempts.clear(work, [GUESS])
    assert attempt(service) == 0


def test_many_at_once_do_not_slip_through(service: Service) -> None:
    waits: list[int] = []
    start = Barrier(12)

    def go() -> None:
        start.wait()
        waits.append(attempt(service))

    threads = [Thread(target=go) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == [0] * 3 + [60] * 9


def test_who_guesses_is_stored_as_a_keyed_hash_only(service: Service) -> None:
    attempt(service)
    with service.database.reading() as session:
        assert [len(who) for who in session.scalars(select(SignInAttempt.who))] == [64]


@pytest.mark.parametrize(
    ("moved", "wait"), [({"days": -30}, 60), ({"minutes": -5}, 60), ({"seconds": 30}, 30)]
)
def test_a_clock_that_is_set_shuts_nobody_out(
    service: Service, clock: HandClock, moved: dict[str, float], wait: int
) -> None:
    for _ in range(3):
        attempt(service)
    clock.move(**moved)
    assert attempt(service) == wait
    clock.move(seconds=wait)
    assert attempt(service) == 0


# Codes of the authenticator app, with the published example of RFC 6238 (SHA-1, the last six digits)


SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_of_the_standard(second: int, code: str) -> None:
    now = datetime.fromtimestamp(second, UTC)
    assert find_step(SECRET, code, now, None) == second // 30
    assert find_step(SECRET, code, now, second // 30) is None, "it works once"
    assert find_step(SECRET, code, now + timedelta(seconds=30), None) == second // 30
    assert find_step(SECRET, code, now + timedelta(seconds=60), None) is None
    # A step far ahead was written by a clock that stood wrong, and does not shut out for years.
    assert find_step(SECRET, code, now, second // 30 + 1_000_000) == second // 30


@pytest.mark.parametrize("code", ["", "28708", "2870822", "abcdef", "²²²²²²", "٢٨٧٠٨٣", "287082'--"])
def test_what_is_no_code(code: str) -> None:
    assert find_step(SECRET, code, datetime.fromtimestamp(59, UTC), None) is None
