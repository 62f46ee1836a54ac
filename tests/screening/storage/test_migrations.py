"""Filled databases of both kinds go from version to version and back, and refuse to change what must stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from screening.engines import Engines
from screening.installations import open_installation
from screening.refusals import Refused
from screening.storage import schemas
from screening.storage.databases import Database
from screening.storage.tables import APPEND_ONLY, Base
from screening.work import Service
from tests.screening.storage.filling import contents, count, fill
from tests.services import HandClock, storage_settings


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def shape(database: Database) -> dict[str, Any]:
    """Everything that a database says of its tables: columns, keys, indexes, constraints."""
    found = inspect(database.engine)
    return {
        name: {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"], one["default"])
                for one in found.get_columns(name)
            },
            "primary": found.get_pk_constraint(name),
            "foreign": sorted(map(str, found.get_foreign_keys(name))),
            "unique": sorted(
                (str(one["name"]), *one["column_names"]) for one in found.get_unique_constraints(name)
            ),
            "indexes": sorted(
                (str(one["name"]), *map(str, one["column_names"]), str(one["unique"]))
                for one in found.get_indexes(name)
            ),
            "checks": sorted(
                (str(one["name"]), str(one["sqltext"])) for one in found.get_check_constraints(name)
            ),
        }
        for name in sorted(found.get_table_names())
        if name != "alembic_version"
    }


def test_migrations_make_the_tables_that_the_program_has(database: Database) -> None:
    assert schemas.differences(database) == []
    migrated = shape(database)
    schemas.downgrade(database, "base")
    assert shape(database) == {}
    Base.metadata.create_all(database.engine)
    assert shape(database) == migrated
    assert set(migrated) == set(Base.metadata.tables)


def test_a_difference_would_be_found(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE sites ADD COLUMN planted INTEGER"))
    assert any("planted" in one for one in schemas.differences(database))


def test_down_and_up_on_a_filled_database(service: Service) -> None:
    filled = fill(service)
    assert min(filled.values()) > 0
    before = contents(service)
    schemas.upgrade(service.database)
    assert contents(service) == before, "an upgrade to the same version changes nothing"
    for version in reversed([*schemas.known()[:-1], "base"]):
        schemas.downgrade(service.database, version)
    assert schemas.state_of(service.database) == "empty"
    for version in schemas.known():
        schemas.upgrade(service.database, version)
    assert schemas.state_of(service.database) == "current"
    assert set(count(service).values()) == {0}
    with service.database.writing() as session:
        service.vault.prepare(session, service.clock())
    fill(service)


def test_what_is_only_added_to_cannot_be_changed(service: Service) -> None:
    fill(service, rows=1)
    before = contents(service)
    ways = ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"]
    if service.database.is_sqlite:
        ways.append("INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    else:
        ways.append("TRUNCATE {table} CASCADE")
    for table in APPEND_ONLY:
        (column, *_) = Base.metadata.tables[table].primary_key.columns.keys()
        for way in ways:
            with pytest.raises(DatabaseError, match="only added to"), service.database.writing() as session:
                session.execute(text(way.format(table=table, column=column)))
    assert contents(service) == before


def test_the_other_tables_can_be_changed(service: Service) -> None:
    fill(service, rows=1)
    with service.database.writing() as session:
        session.execute(text("UPDATE sites SET version = version + 1"))


def test_a_later_version_is_not_touched(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for change in (
        schemas.require_current,
        schemas.upgrade,
        lambda one: schemas.downgrade(one, "base"),
    ):
        with pytest.raises(Refused, match="S113"):
            change(database)
    assert schemas.state_of(database) == "newer"


def test_tables_of_another_program_are_not_touched(database: Database) -> None:
    schemas.downgrade(database, "base")
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("CREATE TABLE theirs (id INTEGER PRIMARY KEY)"))
    for change in (schemas.require_current, schemas.upgrade):
        with pytest.raises(Refused, match="S111"):
            change(database)


def test_the_server_database_is_only_migrated_when_told(
    database_url: str, kuwait_engines: Engines, clock: HandClock
) -> None:
    database = Database(database_url)
    schemas.downgrade(database, "base")
    database.close()
    with pytest.raises(Refused, match="S112"):
        open_installation(storage_settings(database_url), kuwait_engines, clock)


def test_a_migration_that_fails_half_way_leaves_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    schemas.downgrade(database, "base")

    def fail(_tables: object) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr("screening.storage.migrations.protection.protect", fail)
    with pytest.raises(RuntimeError, match="half way"):
        schemas.upgrade(database)
    assert schemas.state_of(database) == "empty"
    found = MetaData()
    engine = create_engine(database.url)
    found.reflect(engine)
    engine.dispose()
    assert set(found.tables) <= {"alembic_version"}
