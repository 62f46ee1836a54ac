"""How often somebody may guess: waiting times that grow with failures, and never a door shut for good.

An attempt is counted before it is looked at, and forgiven when it succeeds: so many at once cannot slip
through together. What is refused while somebody waits is not counted, so that hammering prolongs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import delete, select, text, update

from screening.people.access import SYSTEM
from screening.refusals import refused
from screening.storage.tables.people import SignInAttempt
from screening.storage.types import new_id
from screening.work import Service, Work


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures in a window are free; after each further one the wait doubles, up to the longest."""

    kind: str
    free: int
    first_wait: timedelta
    longest_wait: timedelta
    window: timedelta


_MINUTE: Final = timedelta(minutes=1)

# One name from one address: a person who mistypes, or somebody at the next desk.
NAME_AT_ADDRESS: Final = Limit("name_at_address", 5, _MINUTE / 2, 15 * _MINUTE, 60 * _MINUTE)
# One name from anywhere: many addresses guess at one person. An address from which that person signed in
# before is not held up by it, or strangers could keep somebody out.
NAME: Final = Limit("name", 20, _MINUTE, 15 * _MINUTE, 60 * _MINUTE)
# One address: an office behind one address has many people, and somebody who tries one password on all names.
ADDRESS: Final = Limit("address", 40, _MINUTE, 15 * _MINUTE, 60 * _MINUTE)
# The second step, behind the right password: three codes of a million are right at any moment.
SECOND_FACTOR: Final = Limit("second_factor", 5, _MINUTE, 60 * _MINUTE, 24 * 60 * _MINUTE)
# Links are 256 random bits; this only keeps somebody from trying all day.
LINK: Final = Limit("link", 20, _MINUTE, 15 * _MINUTE, 60 * _MINUTE)
# A signed-in person who confirms a change with password or code.
CONFIRMATION: Final = Limit("confirmation", 5, _MINUTE, 60 * _MINUTE, 24 * 60 * _MINUTE)

_LONGEST_WINDOW: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Guess:
    """What is being guessed at: a limit, and whom or where it counts."""

    limit: Limit
    who: str


@dataclass(frozen=True, slots=True)
class Counted:
    """An attempt that was counted; `forgive` takes it back."""

    ids: tuple[str, ...]
    guesses: tuple[Guess, ...]


def catch_up(service: Service) -> None:
    """To be called before an attempt: what was counted while the clock stood too far on counts from now.

    Otherwise somebody would wait for that day. It has a transaction of its own, because one that ends in a
    refusal is undone.
    """
    with service.work(SYSTEM, writes=False) as work:
        ahead = work.session.scalars(select(SignInAttempt.id).where(SignInAttempt.at > work.now).limit(1))
        if ahead.first() is None:
            return
    with service.work(SYSTEM) as work:
        work.session.execute(update(SignInAttempt).where(SignInAttempt.at > work.now).values(at=work.now))


def begin(work: Work, guesses: Iterable[Guess]) -> Counted:
    """Count one attempt at all of these; raises `Refused` with S123 and the seconds if one has to wait.

    The work must be committed whether or not the attempt succeeds.
    """
    found = tuple(guesses)
    keys = {one: _key(work, one) for one in found}
    _take_turns(work, keys.values())
    _forget_old(work)
    wait = max((_wait(work, one.limit, keys[one]) for one in found), default=timedelta(0))
    if wait > timedelta(0):
        raise refused("S123", seconds=ceil(wait.total_seconds()))
    ids = []
    for key in keys.values():
        row = SignInAttempt(id=new_id(), who=key, at=work.now)
        work.session.add(row)
        ids.append(row.id)
    work.session.flush()
    return Counted(tuple(ids), found)


def forgive(work: Work, counted: Counted, *, all_of: Iterable[Guess] = ()) -> None:
    """Take a counted attempt back because it was right, and every earlier failure of some guesses."""
    work.session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(counted.ids)))
    for one in all_of:
        work.session.execute(delete(SignInAttempt).where(SignInAttempt.who == _key(work, one)))


def clear(work: Work, guesses: Iterable[Guess]) -> None:
    """Forget every failure of some guesses, because an administrator made a new beginning."""
    forgive(work, Counted((), ()), all_of=guesses)


def failures(work: Work, guess: Guess) -> int:
    """Return how many failures count against a guess now."""
    return len(_times(work, guess.limit, _key(work, guess)))


def _wait(work: Work, limit: Limit, key: str) -> timedelta:
    times = _times(work, limit, key)
    over = len(times) - limit.free
    if over < 0:
        return timedelta(0)
    # Beyond 2**20 the longest wait was reached long ago.
    wait = min(limit.first_wait * (1 << min(over, 20)), limit.longest_wait)
    return max(timedelta(0), max(times) + wait - work.now)


def _times(work: Work, limit: Limit, key: str) -> list[datetime]:
    since = work.now - limit.window
    statement = select(SignInAttempt.at).where(SignInAttempt.who == key, SignInAttempt.at > since)
    return list(work.session.scalars(statement))


def _forget_old(work: Work) -> None:
    work.session.execute(delete(SignInAttempt).where(SignInAttempt.at < work.now - _LONGEST_WINDOW))


def _take_turns(work: Work, keys: Iterable[str]) -> None:
    """Two attempts at the same moment are looked at one after the other, in every process."""
    if work.session.get_bind().dialect.name != "postgresql":
        # Those who write to SQLite stand in line already.
        return
    for key in sorted(int(key[:15], 16) for key in keys):
        work.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _key(work: Work, guess: Guess) -> str:
    return work.vault.lookup(work.session, f"attempt.{guess.limit.kind}", guess.who)
