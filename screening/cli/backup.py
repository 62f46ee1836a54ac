"""`screening backup` and `screening restore`: everything that is recorded, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from screening.backups import restore, write_backup
from screening.cli.installed import open_engines
from screening.cli.options import LangOption
from screening.cli.output import console, print_blocks
from screening.clock import utc_now
from screening.documents import Block
from screening.installations import attach, open_database
from screening.keys.origins import find_master_keys
from screening.keys.vaults import Vault
from screening.people.access import SYSTEM
from screening.phrases import say
from screening.settings import StorageSettings, read_storage_settings
from screening.storage import schemas
from screening.storage.databases import Database

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="cli.help.backup.file")]


def run_backup(file: FileArgument, lang: LangOption = "en") -> None:
    """Write everything that is recorded into a file, while the service runs."""
    settings = read_storage_settings()
    database = open_database(settings)
    try:
        vault = Vault(find_master_keys(settings, database, may_create=False))
        manifest = write_backup(database, vault, file, utc_now())
        if schemas.state_of(database) == "current":
            _record(settings, "backup.written", manifest.audit_seq)
    finally:
        database.close()
    rows = sum(table.rows for table in manifest.tables.values())
    lines = (
        say("cli.backup.written", lang, file=str(file), count=rows),
        say("cli.backup.keys", lang, value=", ".join(manifest.master_keys)),
        say("cli.backup.head", lang, seq=manifest.audit_seq, value=manifest.audit_hash),
    )
    print_blocks(console(), [Block("plain", 0, line) for line in lines])


def run_restore(
    file: FileArgument,
    replace: Annotated[bool, typer.Option("--replace", help="cli.help.restore.replace")] = False,
    accept_broken_chain: Annotated[
        bool, typer.Option("--accept-broken-chain", help="cli.help.restore.broken")
    ] = False,
    lang: LangOption = "en",
) -> None:
    """Put the records of a backup in the place of those that are there."""
    settings = read_storage_settings()
    database = Database(settings.address)
    try:
        vault = Vault(find_master_keys(settings, database, may_create=False))
        done = restore(
            file, database, vault, utc_now(), replace=replace, accept_broken_chain=accept_broken_chain
        )
    finally:
        database.close()
    _record(settings, "backup.restored", done.rows)
    lines = [
        say("cli.restore.done", lang, count=done.rows, version=done.schema_version),
        say("cli.restore.erased", lang, count=done.erased_again),
    ]
    if done.aside is not None:
        lines.append(say("cli.restore.aside", lang, value=done.aside))
    print_blocks(console(), [Block("plain", 0, line) for line in lines])


def _record(settings: StorageSettings, action: str, count: int) -> None:
    with open_engines() as engines:
        service = attach(settings, engines)
        try:
            with service.work(SYSTEM) as work:
                work.record(action, "installation", "backup", count=count)
        finally:
            service.close()
