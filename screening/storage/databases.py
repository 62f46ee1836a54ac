"""Opening a database, SQLite or PostgreSQL, and transactions in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from screening.refusals import Refused, refused
from screening.storage.locks import FileLock
from screening.storage.turns import Turns

# Waiting this long for another writer is better than losing an answer.
_BUSY_SECONDS: Final = 20

# WAL lets readers go on while one writes; FULL makes every commit survive a loss of power; secure_delete and
# temp_store keep deleted and passing values out of the file and of temporary files.
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    # Without this, INSERT OR REPLACE deletes rows past the triggers that refuse it.
    "PRAGMA recursive_triggers=ON",
    "PRAGMA temp_store=MEMORY",
    f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}",
    "PRAGMA trusted_schema=OFF",
)

# A server that has gone is noticed within half a minute, a lock that nobody gives back within twenty seconds.
_POSTGRES_OPTIONS: Final[dict[str, Any]] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "options": f"-c lock_timeout={_BUSY_SECONDS}s -c idle_in_transaction_session_timeout=60s -c timezone=UTC",
    "application_name": "screening",
}

_SQLITE_CODES: Final = {
    sqlite3.SQLITE_FULL: "S108",
    sqlite3.SQLITE_READONLY: "S108",
    sqlite3.SQLITE_IOERR: "S108",
    sqlite3.SQLITE_CANTOPEN: "S108",
    sqlite3.SQLITE_CORRUPT: "S109",
    sqlite3.SQLITE_NOTADB: "S109",
    sqlite3.SQLITE_BUSY: "S110",
    sqlite3.SQLITE_LOCKED: "S110",
}

# What a database or its driver raises when something is wrong with it or with a statement.
FAILURES: Final = (DatabaseError, InterfaceError, sqlite3.Error, psycopg.Error)


class Database:
    """One database; `reading()` and `writing()` give transactions.

    Failures of the database itself are raised as `Refused`: S107 cannot be reached, S108 full or not
    writable, S109 damaged, S110 busy for too long. What was not committed is not there, what was is.
    """

    def __init__(self, url: str) -> None:
        self.url = read_url(url)
        self.engine = _create_engine(self.url)
        self._lock: FileLock | None = None
        self._turns = Turns() if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file of an embedded database; None for a server."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one state and writes nothing."""
        with self._session("read") as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is committed if its block ends, and leaves nothing behind if it raises."""
        turn = nullcontext() if self._turns is None else self._turns.take(_BUSY_SECONDS)
        with turn, self._session("write") as session:
            yield session
            session.commit()

    @contextmanager
    def _session(self, purpose: str) -> Iterator[Session]:
        try:
            with self.engine.connect() as connection:
                # Two that read and then write would otherwise end in one of them being refused.
                connection = connection.execution_options(screening_purpose=purpose)
                with Session(connection, expire_on_commit=False, autoflush=True) as session:
                    yield session
        except Refused:
            raise
        except FAILURES as error:
            known = explain(error)
            if known is None:
                raise
            raise known from error

    def hold(self) -> None:
        """Keep every other server off an embedded database until `close`; raises `Refused` with S114.

        A server of databases takes several processes, and nothing is held there.
        """
        if self.file is not None and self._lock is None:
            lock = FileLock(self.file.with_name(self.file.name + ".lock"))
            lock.hold()
            self._lock = lock

    def close(self) -> None:
        """Close every connection, and let the next server come."""
        self.engine.dispose()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def read_url(url: str) -> URL:
    """Return the parts of a database's address; raises `Refused` with S111 if it is none we can use."""
    try:
        parts = make_url(url)
    except ArgumentError as error:
        raise refused("S111") from error
    if parts.drivername in ("postgresql", "postgres"):
        parts = parts.set(drivername="postgresql+psycopg")
    if parts.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise refused("S111")
    if parts.get_backend_name() == "sqlite" and parts.database in (None, "", ":memory:"):
        # What is kept in memory only is lost with the process.
        raise refused("S111")
    return parts


def explain(error: Exception) -> Refused | None:
    """What a failure of the database means to those who run it; None if it is a fault of ours."""
    cause = getattr(error, "orig", error)
    words = str(cause).lower()
    if isinstance(cause, sqlite3.Error):
        # By number: in words a column called `full_name` would look like a full disk.
        code = _SQLITE_CODES.get((getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF)
        return None if code is None else refused(code)
    state = getattr(cause, "sqlstate", None) or ""
    if state == "53100" or "no space left" in words:
        return refused("S108")
    if state.startswith("XX"):
        return refused("S109")
    if state in ("40001", "40P01", "55P03", "57014"):
        return refused("S110")
    if isinstance(
        error, OperationalError | InterfaceError | psycopg.OperationalError
    ) and not state.startswith(("22", "23", "42")):
        return refused("S107")
    return None


def _create_engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, connect_args={"check_same_thread": False, "timeout": _BUSY_SECONDS}, pool_size=10
        )
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        engine = create_engine(
            url, pool_size=10, max_overflow=10, pool_pre_ping=True, connect_args=_POSTGRES_OPTIONS
        )
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # The driver begins transactions too late and of the wrong kind: we begin them ourselves.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Any) -> None:
    purpose = connection.get_execution_options().get("screening_purpose")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if purpose == "write" else "BEGIN")
    elif purpose == "read":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
