"""Backups: one archive for either kind of database, in which everything stays sealed as it was stored."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from pydantic import Field
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.orm import Session

from indicators.models import Content
from screening.audit.verification import verify
from screening.keys.vaults import Vault
from screening.refusals import Refused, refused
from screening.storage import schemas
from screening.storage.databases import FAILURES, Database, explain
from screening.storage.files import make_folder, make_whole, put_in_place
from screening.storage.rows import count_rows, find_tables, read_rows, write_rows
from screening.storage.tables.cases import Case, Identity
from screening.storage.tables.keys import DataKey
from screening.storage.tables.people import SignInSession

FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_LARGEST_MANIFEST: Final = 1_000_000
# What reading a file raises that is no archive, is cut off or was changed.
_DAMAGE: Final = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    EOFError,
    # zipfile raises it for a member under a password, or compressed in a way that it cannot read.
    RuntimeError,
)


class TableInBackup(Content):
    """What of one table is in a backup."""

    rows: int = Field(ge=0)
    sha256: str


class Manifest(Content):
    """What is in a backup, and what proves that it is all of it and unchanged."""

    format: int
    schema_version: str
    made_at: str
    tables: dict[str, TableInBackup]
    # The end of the audit chain, for whoever keeps heads elsewhere.
    audit_seq: int
    audit_hash: str
    # The ids of the master keys that are needed to read it; the keys themselves are never in a backup.
    master_keys: list[str]
    # A keyed hash of all the above: only who holds the master key can have written it.
    proof: str = ""

    def digest(self) -> str:
        """The SHA-256 of everything that the proof speaks for."""
        told = self.model_dump(mode="json", exclude={"proof"})
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoring came to; `aside` is where the records before it are now, if there were any."""

    rows: int
    schema_version: str
    aside: str | None
    # How many cases of the backup had been erased since, and are again.
    erased_again: int = 0


def write_backup(database: Database, vault: Vault, file: Path, now: datetime) -> Manifest:
    """Write a backup of a database as it is at one moment, while others use it.

    The file is there only once it is whole, readable by its owner only. Raises `Refused`: S119 if there is a
    file already or none can be made, S108 if there is no room, S101 with a wrong key, and S111 to S113 for
    a database that is another's, empty, or of a later version. One of an earlier version can be backed up.
    """
    if schemas.state_of(database) != "behind":
        schemas.require_current(database)
    begun = file.with_name(file.name + ".new")
    if file.exists():
        raise refused("S119", value=file.name)
    try:
        descriptor = os.open(begun, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    except OSError as error:
        raise refused("S119", value=file.name) from error
    try:
        with (
            os.fdopen(descriptor, "wb") as stream,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            with database.reading() as session:
                manifest = _write_tables(session, vault, archive, now)
            archive.writestr(_MANIFEST, manifest.model_dump_json(indent=2))
            archive.close()
            stream.flush()
            os.fsync(stream.fileno())
        # Not `rename`: that would write over a file that came meanwhile.
        os.link(begun, file)
    except FileExistsError as error:
        raise refused("S119", value=file.name) from error
    except OSError as error:
        raise refused("S108") from error
    finally:
        begun.unlink(missing_ok=True)
    return manifest


def _write_tables(session: Session, vault: Vault, archive: zipfile.ZipFile, now: datetime) -> Manifest:
    vault.verify(session)
    connection = session.connection()
    tables = {}
    for table in find_tables(connection):
        digest, rows = hashlib.sha256(), 0
        with archive.open(_member(table.name), "w", force_zip64=True) as member:
            for line in write_rows(connection, table):
                digest.update(line)
                member.write(line)
                rows += 1
        tables[table.name] = TableInBackup(rows=rows, sha256=digest.hexdigest())
    last = connection.execute(
        text("SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1")
    ).one_or_none()
    masters = connection.scalars(
        text("SELECT DISTINCT master_key FROM data_keys WHERE wrapped IS NOT NULL ORDER BY master_key")
    )
    manifest = Manifest(
        format=FORMAT,
        schema_version=schemas.version_in(connection) or "0",
        made_at=now.isoformat(),
        tables=tables,
        audit_seq=last.seq if last is not None else 0,
        audit_hash=last.hash if last is not None else "",
        master_keys=list(masters),
    )
    return manifest.model_copy(update={"proof": vault.lookup(session, "backup", manifest.digest())})


def read_manifest(file: Path) -> Manifest:
    """Return what a backup says of itself, after every table in it was compared with that.

    Raises `Refused`: S117 if it is no backup or not a whole one, S113 if a later program wrote it.
    """
    with _opened(file) as archive:
        if archive.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
            raise refused("S117", value=file.name)
        manifest = Manifest.model_validate_json(archive.read(_MANIFEST))
        if manifest.format != FORMAT or manifest.schema_version not in schemas.known():
            raise refused("S113", value=manifest.schema_version)
        if set(archive.namelist()) != {_MANIFEST, *map(_member, manifest.tables)}:
            raise refused("S117", value=file.name)
        for name, told in manifest.tables.items():
            digest, rows = hashlib.sha256(), 0
            with archive.open(_member(name)) as member:
                for line in member:
                    digest.update(line)
                    rows += 1
            if (rows, digest.hexdigest()) != (told.rows, told.sha256):
                raise refused("S117", value=file.name)
    return manifest


def restore(
    file: Path,
    database: Database,
    vault: Vault,
    now: datetime,
    *,
    replace: bool = False,
    accept_broken_chain: bool = False,
) -> Restored:
    """Put the records of a backup in the place of those of a database, all of them or none.

    Before anything is replaced everything is verified: the checksums, the version, the key, the proof, the
    audit chain. What was there before is put aside: the file under another name, in PostgreSQL the schema.
    Nobody is signed in afterwards, and what had been erased in the replaced records stays erased. Raises
    `Refused`: S117, S113 and S101 for the backup, S118 without `replace` where records are, S114 if a server
    uses the database.
    """
    manifest = read_manifest(file)
    if database.file is not None:
        return _restore_file(file, manifest, database, vault, now, replace, accept_broken_chain)
    return _restore_server(file, manifest, database, vault, now, replace, accept_broken_chain)


def _restore_file(
    file: Path,
    manifest: Manifest,
    database: Database,
    vault: Vault,
    now: datetime,
    replace: bool,
    broken: bool,
) -> Restored:
    target = database.file
    if target is None:
        raise TypeError("not a file")
    make_folder(target)
    database.hold()
    if not replace and not _may_be_written_over(database, target):
        raise refused("S118")
    destroyed = _destroyed_in_file(database, target)
    erased = 0
    made = target.with_name(target.name + ".restored")
    made.unlink(missing_ok=True)

    def fill(empty: Database) -> None:
        schemas.upgrade(empty, manifest.schema_version)
        with empty.writing() as session:
            _fill(session, file, manifest)
        schemas.upgrade(empty)
        with empty.writing() as session:
            nonlocal erased
            _verify(session, file, manifest, vault, broken)
            erased = _settle(session, destroyed, now)

    make_whole(made, fill)
    # Nobody may still have the old file open under its name.
    database.engine.dispose()
    aside = put_in_place(made, target, "replaced")
    return Restored(_rows(manifest), schemas.newest(), None if aside is None else str(aside), erased)


def _may_be_written_over(database: Database, target: Path) -> bool:
    if not target.exists():
        return True
    try:
        with database.reading() as session:
            connection = session.connection()
            return count_rows(connection, find_tables(connection)) == 0
    except Refused:
        # It cannot be read; whether there is anything in it is not for us to say.
        return False


def _restore_server(
    file: Path,
    manifest: Manifest,
    database: Database,
    vault: Vault,
    now: datetime,
    replace: bool,
    broken: bool,
) -> Restored:
    # Connections of ours that only wait would look like those of a server.
    database.engine.dispose()
    try:
        with database.writing() as session:
            connection = session.connection()
            _refuse_others(connection)
            aside = None
            destroyed: dict[str, datetime] = {}
            if count_rows(connection, find_tables(connection)):
                if not replace:
                    raise refused("S118")
                destroyed = _destroyed(session)
                aside = _put_schema_aside(connection)
            schemas.downgrade_connection(connection, "base")
            schemas.upgrade_connection(connection, manifest.schema_version)
            _fill(session, file, manifest)
            schemas.upgrade_connection(connection, "head")
            _verify(session, file, manifest, vault, broken)
            erased = _settle(session, destroyed, now)
    except FAILURES as error:
        raise explain(error) or error from error
    return Restored(_rows(manifest), schemas.newest(), aside, erased)


def _destroyed_in_file(database: Database, target: Path) -> dict[str, datetime]:
    if not target.exists():
        return {}
    try:
        with database.reading() as session:
            return _destroyed(session)
    except (Refused, *FAILURES):
        # Damaged, or of a version that kept them otherwise: the file that is put aside may tell somebody.
        return {}


def _destroyed(session: Session) -> dict[str, datetime]:
    """The data keys that were destroyed, and when."""
    rows = session.execute(select(DataKey.id, DataKey.destroyed_at).where(DataKey.wrapped.is_(None)))
    return {row.id: row.destroyed_at for row in rows}


def _settle(session: Session, destroyed: dict[str, datetime], now: datetime) -> int:
    """End what an old state would otherwise bring back; return how many cases were erased again."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.ended_at.is_(None))
        .values(ended_at=now, ended_because="restored")
    )
    count = 0
    for key_id, at in destroyed.items():
        key = session.get(DataKey, key_id)
        if key is None or key.wrapped is None:
            continue
        key.wrapped, key.destroyed_at = None, at
        for case in session.scalars(select(Case).where(Case.data_key_id == key_id)):
            session.execute(delete(Identity).where(Identity.case_id == case.id))
            case.status, case.erased_at = "erased", at
            count += 1
    return count


def _refuse_others(connection: Connection) -> None:
    others = connection.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'screening' AND pid <> pg_backend_pid()"
        )
    )
    if others:
        raise refused("S114", value=str(connection.engine.url.database))


def _put_schema_aside(connection: Connection) -> str:
    name = str(connection.scalar(text("SELECT current_schema()")))
    stamp = connection.scalar(text("SELECT to_char(clock_timestamp(), 'YYYYMMDDHH24MISSUS')"))
    aside = f"replaced_{stamp}"
    quote = connection.dialect.identifier_preparer.quote
    connection.execute(text(f"ALTER SCHEMA {quote(name)} RENAME TO {aside}"))
    connection.execute(text(f"CREATE SCHEMA {quote(name)}"))
    return aside


def _fill(session: Session, file: Path, manifest: Manifest) -> None:
    connection = session.connection()
    tables = find_tables(connection)
    if {table.name for table in tables} != set(manifest.tables):
        raise refused("S117", value=file.name)
    with _opened(file) as archive:
        for table in tables:
            with archive.open(_member(table.name)) as member:
                read_rows(connection, table, _checked(member, manifest.tables[table.name], file))


def _checked(member: IO[bytes], told: TableInBackup, file: Path) -> Iterator[bytes]:
    # Once more, of the very bytes that are put in: the file may have been changed since it was looked at.
    digest = hashlib.sha256()
    for line in member:
        digest.update(line)
        yield line
    if digest.hexdigest() != told.sha256:
        raise refused("S117", value=file.name)


def _verify(session: Session, file: Path, manifest: Manifest, vault: Vault, broken: bool) -> None:
    vault.verify(session)
    if vault.lookup(session, "backup", manifest.digest()) != manifest.proof:
        raise refused("S117", value=file.name)
    if not broken and (findings := verify(session).findings):
        raise Refused([one.fault for one in findings[:1]])


def _rows(manifest: Manifest) -> int:
    return sum(table.rows for table in manifest.tables.values())


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except Refused:
        raise
    except FAILURES:
        raise
    except _DAMAGE as error:
        raise refused("S117", value=file.name) from error
