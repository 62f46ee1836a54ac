"""Where the master keys come from: the environment, a file or a command, as the settings say."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from screening.keys.masters import (
    MasterKey,
    MasterKeys,
    read_key_file,
    read_master_key,
    run_key_command,
    write_new_key_file,
)
from screening.refusals import refused
from screening.settings import KEY_FILE, StorageSettings, variable
from screening.storage.databases import Database


def find_master_keys(settings: StorageSettings, database: Database, *, may_create: bool) -> MasterKeys:
    """Return the master keys of an installation.

    Without a setting the embedded database has its key file beside it, which is made if `may_create`. Raises
    `Refused`: S100 if there is no key, S116 if there are two, S104 to S106 if what was given cannot be used.
    """
    current = _read(settings, "master_key")
    if current is None:
        current = _read_beside(database, may_create)
    previous = _read(settings, "previous_master_key")
    return MasterKeys(current, {} if previous is None else {previous.id: previous})


def key_file_of(database: Database) -> Path | None:
    """The file where an embedded database has its key if no setting says otherwise."""
    return None if database.file is None else database.file.with_name(KEY_FILE)


def _read_beside(database: Database, may_create: bool) -> MasterKey:
    file = key_file_of(database)
    if file is None:
        raise refused("S100")
    if file.exists():
        return read_key_file(file)
    if not may_create:
        raise refused("S100")
    return write_new_key_file(file)


def _read(settings: StorageSettings, name: str) -> MasterKey | None:
    ways = (name, f"{name}_file", f"{name}_command")
    given = [(way, getattr(settings, way)) for way in ways if getattr(settings, way) is not None]
    if not given:
        return None
    if len(given) > 1:
        raise refused("S116", key=variable(given[0][0]), value=variable(given[1][0]))
    ((way, value),) = given
    if isinstance(value, Path):
        return read_key_file(value)
    if not isinstance(value, SecretStr):
        raise TypeError(way)
    if way.endswith("_command"):
        return run_key_command(value.get_secret_value())
    return read_master_key(value.get_secret_value(), variable(way))
