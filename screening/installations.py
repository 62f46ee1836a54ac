"""Opening an installation: its folder, its database, its keys, its clock and its permissions, in that order.

What stops a start is raised as `Refused` with a code that says what to do; nothing was changed then.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

from sqlalchemy import text

from indicators.models import Text
from screening.audit.times import behind
from screening.clock import Clock, utc_now
from screening.engines import Engines
from screening.keys.origins import find_master_keys, key_file_of
from screening.keys.vaults import Vault
from screening.people.access import load_permissions
from screening.phrases import say_both
from screening.refusals import refused
from screening.settings import StorageSettings
from screening.storage import schemas
from screening.storage.databases import Database
from screening.storage.files import check_file, copy_file, make_folder, make_whole, name_aside
from screening.work import Service

# Told what whoever starts the service should know, once and in both languages.
Tell = Callable[[Text], None]

# One process at a time makes the keys of an empty database.
_LOCK = 0x5C12F0


def be_quiet(_notice: Text) -> None:
    """Tell nobody."""


def open_installation(
    settings: StorageSettings, engines: Engines, clock: Clock = utc_now, tell: Tell = be_quiet
) -> Service:
    """Return the service on the database that the settings name, ready for its first request.

    An embedded database is made if there is none, with a key file beside it if no setting gives the key, and
    brought to this version after a copy of it was put beside it. Until the service is closed no other server
    gets at it. A PostgreSQL database is used as it is. Raises `Refused`; whoever called closes the service,
    and the engines.
    """
    with ExitStack() as undo:
        database = Database(settings.address)
        undo.callback(database.close)
        if database.file is None:
            vault = Vault(find_master_keys(settings, database, may_create=False))
            schemas.require_current(database)
        else:
            vault = _open_file(settings, database, clock, tell)
        _prepare(database, vault, clock)
        check_clock(database, clock)
        service = Service(database, vault, engines, load_permissions(), clock)
        undo.pop_all()
    return service


def attach(settings: StorageSettings, engines: Engines, clock: Clock = utc_now) -> Service:
    """Return the service on a database that may be in use: for commands that run beside a server.

    Makes nothing and changes nothing by itself. Raises `Refused`, also for a database that is not there.
    """
    with ExitStack() as undo:
        database = open_database(settings)
        undo.callback(database.close)
        schemas.require_current(database)
        vault = Vault(find_master_keys(settings, database, may_create=False))
        with database.reading() as session:
            vault.verify(session)
        service = Service(database, vault, engines, load_permissions(), clock)
        undo.pop_all()
    return service


def open_database(settings: StorageSettings) -> Database:
    """Return the database that the settings name, which must be there: S112 if its file is not."""
    database = Database(settings.address)
    if database.file is not None and not database.file.exists():
        raise refused("S112", value="0")
    return database


def check_clock(database: Database, clock: Clock) -> None:
    """Raise `Refused` with S115 if the clock stands before the latest entry of the audit chain."""
    with database.reading() as session:
        by = behind(session, clock())
    if by:
        raise refused("S115", value=_written(by))


def _open_file(settings: StorageSettings, database: Database, clock: Clock, tell: Tell) -> Vault:
    file = database.file
    if file is None:
        raise TypeError("not a file")
    make_folder(file)
    database.hold()
    if not check_file(file):
        tell(say_both("start.not_checked", file=file.name))
    if not file.exists():
        key_file = key_file_of(database)
        had_key = key_file is None or key_file.exists() or settings.gives_key
        vault = Vault(find_master_keys(settings, database, may_create=True))

        def fill(empty: Database) -> None:
            schemas.upgrade(empty)
            _prepare(empty, vault, clock)

        make_whole(file, fill)
        if not had_key:
            tell(say_both("start.key_made", file=str(key_file)))
        return vault
    vault = Vault(find_master_keys(settings, database, may_create=False))
    state = schemas.state_of(database)
    if state == "behind":
        with database.reading() as session:
            vault.verify(session)
        copy = name_aside(file, f"before-{schemas.newest()}")
        copy_file(file, copy)
        schemas.upgrade(database)
        tell(say_both("start.upgraded", version=schemas.newest(), file=str(copy)))
    else:
        schemas.require_current(database)
    return vault


def _prepare(database: Database, vault: Vault, clock: Clock) -> None:
    with database.writing() as session:
        if not database.is_sqlite:
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        vault.prepare(session, clock())


def _written(by: timedelta) -> str:
    hours, rest = divmod(int(by.total_seconds()), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"
