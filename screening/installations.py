"""Opening an installation: its folder, its database, its keys and its permissions, in that order.

What stops a start is raised as `Refused` with a code that says what to do; nothing was changed then.
"""

from __future__ import annotations

from screening.clock import Clock, utc_now
from screening.engines import Engines
from screening.keys.origins import find_master_keys
from screening.keys.vaults import Vault
from screening.people.access import load_permissions
from screening.settings import StorageSettings
from screening.storage.databases import Database
from screening.storage.tables import Base
from screening.work import Service


def open_installation(settings: StorageSettings, engines: Engines, clock: Clock = utc_now) -> Service:
    """Return the service on the database that the settings name, ready for its first request.

    Raises `Refused`; whoever called closes the service, and the engines.
    """
    database = Database(settings.address)
    if database.file is not None:
        database.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = database.file is None or not database.file.exists()
    masters = find_master_keys(settings, database, may_create=fresh and database.is_sqlite)
    Base.metadata.create_all(database.engine)
    vault = Vault(masters)
    with database.writing() as session:
        vault.prepare(session, clock())
    return Service(database, vault, engines, load_permissions(), clock)
