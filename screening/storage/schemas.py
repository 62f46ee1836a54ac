"""Which version a database is of, and taking it to another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from screening.refusals import refused
from screening.storage.databases import FAILURES, Database, explain
from screening.storage.migrations.comparisons import OPTIONS
from screening.storage.tables import Base

State = Literal["empty", "behind", "current", "newer", "foreign"]

_FOLDER: Final = Path(__file__).parent / "migrations"
# Two processes of one installation that start at the same time do not migrate at the same time.
_LOCK: Final = 0x5C12EF


def newest() -> str:
    """The version that this program works with."""
    head = _scripts().get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def known() -> list[str]:
    """Every version this program knows, oldest first."""
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


def version_of(database: Database) -> str | None:
    """The version a database is of; None if it is none of ours."""
    with _connected(database) as connection:
        return version_in(connection)


def version_in(connection: Connection) -> str | None:
    """The version of the database at the other end of a connection; None if it is none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def state_of(database: Database) -> State:
    """How a database stands to this program; raises `Refused` if it cannot be read."""
    with _connected(database) as connection:
        version = version_in(connection)
        if version is None:
            tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
            return "foreign" if tables else "empty"
    if version == newest():
        return "current"
    return "behind" if version in known() else "newer"


def require_current(database: Database) -> None:
    """Raise `Refused` unless a database is of this version: S112 behind, S113 newer, S111 foreign."""
    state = state_of(database)
    if state == "current":
        return
    if state == "foreign":
        raise refused("S111")
    version = version_of(database) or "0"
    raise refused("S113" if state == "newer" else "S112", value=version)


def upgrade(database: Database, version: str = "head") -> None:
    """Take a database to a later version, in one transaction: all of it happens or nothing."""
    _refuse_strangers(database)
    with _migrating(database) as connection:
        upgrade_connection(connection, version)


def downgrade(database: Database, version: str) -> None:
    """Take a database back to an earlier version, `base` being an empty one.

    What only the later version can hold is lost.
    """
    _refuse_strangers(database)
    with _migrating(database) as connection:
        downgrade_connection(connection, version)


def upgrade_connection(connection: Connection, version: str) -> None:
    """The same inside a transaction that runs, of which it becomes a part."""
    command.upgrade(_config(connection), version)


def downgrade_connection(connection: Connection, version: str) -> None:
    """The same inside a transaction that runs, of which it becomes a part."""
    command.downgrade(_config(connection), version)


def differences(database: Database) -> list[str]:
    """What of the tables a migrated database does not have, or has otherwise; empty if they agree."""
    with _connected(database) as connection:
        context = MigrationContext.configure(connection, opts={**OPTIONS, "target_metadata": Base.metadata})
        return [str(one) for one in compare_metadata(context, Base.metadata)]


def _refuse_strangers(database: Database) -> None:
    state = state_of(database)
    if state == "foreign":
        raise refused("S111")
    if state == "newer":
        raise refused("S113", value=version_of(database) or "0")


@contextmanager
def _connected(database: Database) -> Iterator[Connection]:
    try:
        with database.engine.connect() as connection:
            yield connection
    except FAILURES as error:
        raise explain(error) or error from error


@contextmanager
def _migrating(database: Database) -> Iterator[Connection]:
    with _connected(database) as plain:
        connection = plain.execution_options(screening_purpose="write")
        if database.is_sqlite:
            # A table that is made anew is dropped in between, and those that point at it must bear that. The
            # setting cannot be changed inside a transaction, and the library begins one at a first statement.
            _set_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                if not database.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                yield connection
                if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("a migration left a row that points nowhere")
        finally:
            if database.is_sqlite:
                _set_foreign_keys(connection, "ON")


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _set_foreign_keys(connection: Connection, value: str) -> None:
    driver = connection.connection.dbapi_connection
    if driver is not None:
        driver.cursor().execute(f"PRAGMA foreign_keys={value}")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_FOLDER))
