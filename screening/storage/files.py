"""The file of an embedded database: made whole or not at all, checked, and copied while it is used."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from screening.refusals import refused
from screening.storage.databases import Database, explain

_COPIED_AT_ONCE: Final = 2_000
# A file of this size is read in half a second from a slow disk. One of 460 MB took four to five (0.4 from
# memory): too long for every start, so that beyond it only what opens everything else is read.
CHECKED_WHOLE: Final = 64 * 1024 * 1024
_OPENS_THE_REST: Final = ("alembic_version", "data_keys", "accounts")
_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table'"


def make_folder(file: Path) -> None:
    """Make the folder of a database, for its owner only; raises `Refused` with S119 if that cannot be."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise refused("S119", value=file.parent.name) from error


def make_whole(file: Path, fill: Callable[[Database], None]) -> None:
    """Make a database file that is there only once it is filled; a start that was cut off leaves none.

    Raises `Refused` with S108 if there is no room.
    """
    begun = file.with_name(file.name + ".new")
    _forget(begun)
    database = Database(f"sqlite:///{begun}")
    try:
        os.close(os.open(begun, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        fill(database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        database.close()
        _forget(begun, only_beside=True)
        begun.rename(file)
        _sync_folder(file.parent)
    except OSError as error:
        raise refused("S108") from error
    finally:
        database.close()
        _forget(begun)


def check_file(file: Path, whole_up_to: int | None = None) -> bool:
    """Raise `Refused` unless a file holds a whole database of ours; nobody else may be using it.

    Returns whether every page was looked at: of a file beyond `whole_up_to` bytes (`CHECKED_WHOLE`) only its
    length and the tables that open the others. A damaged page elsewhere is S109 when it is read.

    S109: it ends too early, is empty, is no database or has a damaged page, or it is gone and its log of
    changes is left. S108: it cannot be written. S111: it is another program's.
    """
    if not file.exists():
        if _beside(file, "-wal").exists() and _beside(file, "-wal").stat().st_size:
            raise refused("S109")
        return True
    try:
        if file.stat().st_size == 0:
            raise refused("S109")
        if not os.access(file, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            # SQLite opens such a file all the same, and says so only when the first answer is to be saved.
            raise refused("S108")
        with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as connection:
            tables = {name for (name,) in connection.execute(_TABLES)}
            if tables and "alembic_version" not in tables:
                raise refused("S111")
            # Brings what the log holds into the file, so that its length can be compared with what it says.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages, size = (
                connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
            )
            if file.stat().st_size < pages * size:
                raise refused("S109")
            whole = bool(pages * size <= (CHECKED_WHOLE if whole_up_to is None else whole_up_to))
            parts = ["1"] if whole else [f"'{one}'" for one in _OPENS_THE_REST if one in tables]
            for part in parts:
                if connection.execute(f"PRAGMA quick_check({part})").fetchone()[0] != "ok":
                    raise refused("S109")
            return whole
    except sqlite3.Error as error:
        raise explain(error) or refused("S109") from error
    except OSError as error:
        raise refused("S108") from error


def copy_file(file: Path, target: Path) -> None:
    """Copy a database as it is at one moment, while others read and write it; never over another file.

    Raises `Refused`: S119 if the target is there or cannot be made, S108 without room, S109 for damage.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise refused("S119", value=target.name) from error
    try:
        with (
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy, pages=_COPIED_AT_ONCE, sleep=0.005)
            # A single file, without a log beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        _forget(target)
        raise explain(error) or refused("S109") from error


def name_aside(file: Path, why: str) -> Path:
    """A name beside a file that is not taken: `screening.sqlite3.before-0002-20261101T060000Z`."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return file.with_name(f"{file.name}.{why}-{stamp}")


def put_in_place(made: Path, file: Path, why: str) -> Path | None:
    """Let a new database take the place of another, which is kept under another name; return that name.

    At no moment is there no database: a start in between would make an empty one.
    """
    if not file.exists():
        made.rename(file)
        _sync_folder(file.parent)
        return None
    aside = name_aside(file, why)
    for ending in ("-wal", "-shm"):
        if _beside(file, ending).exists():
            _beside(file, ending).rename(_beside(aside, ending))
    aside.hardlink_to(file)
    made.replace(file)
    _sync_folder(file.parent)
    return aside


def _beside(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def _forget(file: Path, *, only_beside: bool = False) -> None:
    for ending in ("-wal", "-shm", "-journal", *(() if only_beside else ("",))):
        _beside(file, ending).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    # A renamed file is there after a loss of power only once its folder was written out.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
