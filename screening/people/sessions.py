"""Signed-in browsers: a random token in a cookie, its hash in the database, and three ways to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from screening.people.one_time_texts import hash_token, new_token
from screening.refusals import refused
from screening.storage.tables.people import SignInSession
from screening.storage.types import new_id
from screening.work import Work

Step = Literal["second_factor", "signed_in"]

# The second step has to follow soon: until then somebody has the password and nothing else.
SECOND_STEP_WITHIN: Final = timedelta(minutes=10)
# Clocks are set by small steps all the time; a larger one back would make every session longer.
CLOCK_TOLERANCE: Final = timedelta(minutes=2)
# Being seen is written down this often at most: a reading request should not have to write.
SEEN_EVERY: Final = timedelta(minutes=1)
# How long an ended session is remembered: its address is known for that time.
KEPT_FOR: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long a session may be unused, and how long it may last."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session; the token is known here and in the browser, nowhere else."""

    id: str
    token: str
    csrf_token: str
    account_id: str
    step: Step
    expires_at: datetime


def open_session(work: Work, account_id: str, step: Step, rules: SessionRules, address: str) -> Opened:
    """Open a session for an account, with a token of its own."""
    work.session.execute(delete(SignInSession).where(SignInSession.expires_at < work.now - KEPT_FOR))
    token, csrf_token = new_token(), new_token()
    length = SECOND_STEP_WITHIN if step == "second_factor" else rules.longest
    row = SignInSession(
        id=new_id(),
        token_hash=hash_token(token),
        account_id=account_id,
        step=step,
        csrf_token=csrf_token,
        address_lookup=address_lookup(work, address),
        created_at=work.now,
        last_seen_at=work.now,
        expires_at=work.now + length,
    )
    work.session.add(row)
    work.session.flush()
    return Opened(row.id, token, csrf_token, account_id, step, row.expires_at)


def find_session(session: Session, token: str, now: datetime, rules: SessionRules) -> SignInSession | None:
    """Return the session of a token if it has not ended, in whichever step it is."""
    row = session.scalars(select(SignInSession).where(SignInSession.token_hash == hash_token(token))).first()
    return row if row is not None and is_alive(row, now, rules) else None


def is_alive(row: SignInSession, now: datetime, rules: SessionRules) -> bool:
    """Whether a session has not ended. A clock that goes back ends it: it must never make it longer."""
    if row.ended_at is not None or now < row.last_seen_at - CLOCK_TOLERANCE:
        return False
    latest = max(now, row.last_seen_at)
    return latest < row.expires_at and latest - row.last_seen_at < rules.idle


def see(work: Work, session_id: str) -> None:
    """Note that a session was used; never back in time."""
    work.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.last_seen_at < work.now)
        .where(SignInSession.ended_at.is_(None))
        .values(last_seen_at=work.now)
    )


def end_session(work: Work, session_id: str, account_id: str, because: str) -> None:
    """End one session of an account; raises `Refused` with S136 if it has no such session."""
    row = work.session.get(SignInSession, session_id)
    if row is None or row.account_id != account_id or row.ended_at is not None:
        raise refused("S136")
    row.ended_at, row.ended_because = work.now, because


def end_sessions(work: Work, account_id: str, because: str, *, but: str | None = None) -> int:
    """End every session of an account, or all but one; return how many ended."""
    statement = (
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .values(ended_at=work.now, ended_because=because)
        .returning(SignInSession.id)
    )
    if but is not None:
        statement = statement.where(SignInSession.id != but)
    return len(work.session.execute(statement).all())


def list_sessions(work: Work, account_id: str, rules: SessionRules) -> Sequence[SignInSession]:
    """Return the sessions of an account that have not ended, the newest first."""
    rows = work.session.scalars(
        select(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .where(SignInSession.step == "signed_in")
        .order_by(SignInSession.created_at.desc(), SignInSession.id)
    )
    return [row for row in rows if is_alive(row, work.now, rules)]


def address_lookup(work: Work, address: str) -> str:
    """Return the keyed hash of a network address."""
    return work.vault.lookup(work.session, "address", address)


def is_known_address(work: Work, account_id: str, address: str) -> bool:
    """Whether an account signed in completely from an address lately."""
    found = work.session.scalars(
        select(SignInSession.id)
        .where(SignInSession.account_id == account_id, SignInSession.step == "signed_in")
        .where(SignInSession.address_lookup == address_lookup(work, address))
        .limit(1)
    ).first()
    return found is not None
