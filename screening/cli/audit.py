"""`screening audit`: verify the record of who did what, keep its head, export it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from sqlalchemy.orm import Session

from indicators.errors import advice, render
from screening.audit.heads import SignedHead, find_head, is_ours, read_head, sign
from screening.audit.verification import (
    COLUMNS,
    Verification,
    read_entries,
    read_json_mapping,
    verify,
    verify_entries,
    write_entry,
)
from screening.cli.options import LangOption, new_group
from screening.cli.output import FAULTS_FOUND, console, print_blocks
from screening.clock import utc_now
from screening.documents import Block
from screening.installations import open_database
from screening.keys.origins import find_master_keys
from screening.keys.vaults import Vault
from screening.phrases import Language, say
from screening.refusals import refused
from screening.settings import StorageSettings, read_storage_settings
from screening.storage.databases import Database

app = new_group()

OutOption = Annotated[Path, typer.Option("--out", metavar="FILE", help="cli.help.audit.out")]


@app.command("verify", help="cli.help.audit.verify")
def verify_chain(
    head: Annotated[Path | None, typer.Option("--head", metavar="FILE", help="cli.help.audit.kept")] = None,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="cli.help.audit.export_file")
    ] = None,
    lang: LangOption = "en",
) -> None:
    """Say whether the chain is whole, and where it is not."""
    kept = None if head is None else read_head(_read(head), str(head))
    if export is not None:
        found = _verify_export(export, kept)
    else:
        with _open() as (session, settings, database):
            if kept is not None and not is_ours(session, _vault(settings, database), kept):
                raise refused("S206", value=str(head))
            found = verify(session, None if kept is None else kept.head)
    print_blocks(console(), _report(found, kept, lang))
    if not found.intact:
        raise typer.Exit(FAULTS_FOUND)


@app.command("head", help="cli.help.audit.head")
def export_head(out: OutOption, lang: LangOption = "en") -> None:
    """Write the head of the chain to a file."""
    with _open() as (session, settings, database):
        found = find_head(session)
        if found is None:
            raise refused("S209")
        signed = sign(session, _vault(settings, database), found, utc_now())
    with _create(out) as file:
        file.write(json.dumps(signed.to_data(), indent=1) + "\n")
    console().print(say("cli.audit.written", lang, value=str(out)))


@app.command("export", help="cli.help.audit.export")
def export_entries(out: OutOption, lang: LangOption = "en") -> None:
    """Write all entries to a file."""
    with _open() as (session, _, _), _create(out) as file:
        for entry in read_entries(session):
            file.write(write_entry(entry) + "\n")
    console().print(say("cli.audit.written", lang, value=str(out)))


@contextmanager
def _open() -> Iterator[tuple[Session, StorageSettings, Database]]:
    """A reading transaction in the database of the settings, beside a service that may be running."""
    settings = read_storage_settings()
    database = open_database(settings)
    try:
        with database.reading() as session:
            yield session, settings, database
    finally:
        database.close()


def _vault(settings: StorageSettings, database: Database) -> Vault:
    return Vault(find_master_keys(settings, database, may_create=False))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise refused("S001", value=str(path)) from error


@contextmanager
def _create(path: Path) -> Iterator[TextIO]:
    try:
        with path.open("x", encoding="utf-8") as file:
            yield file
    except FileExistsError as error:
        raise refused("S211", value=str(path)) from error
    except OSError as error:
        raise refused("S001", value=str(path)) from error


def _verify_export(path: Path, kept: SignedHead | None) -> Verification:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return verify_entries(_read_lines(file, path), None if kept is None else kept.head)
    except OSError as error:
        raise refused("S001", value=str(path)) from error


def _read_lines(file: TextIO, path: Path) -> Iterator[dict[str, Any]]:
    for at, line in enumerate(file, start=1):
        entry = read_json_mapping(line)
        if entry is None or set(entry) != set(COLUMNS):
            raise refused("S210", line=at, value=str(path))
        yield entry


def _report(found: Verification, kept: SignedHead | None, lang: Language) -> list[Block]:
    if found.intact:
        blocks = [Block("result", 0, say("cli.audit.intact", lang, count=found.entries))]
    else:
        blocks = [Block("result", 0, say("cli.audit.broken", lang, count=found.entries))]
        for one in found.findings:
            blocks.append(Block("fault", 0, render(one.fault, lang)))
            blocks.append(Block("quiet", 1, say("cli.advice", lang, text=advice(one.fault, lang))))
    if found.head is not None:
        last = found.head
        blocks.append(
            Block("plain", 0, say("cli.audit.last", lang, seq=last.seq, at=last.at, hash=last.hash))
        )
    if kept is not None and found.intact:
        blocks.append(Block("plain", 0, say("cli.audit.contains", lang, seq=kept.head.seq)))
    if found.clock_behind:
        blocks.append(Block("plain", 0, say("cli.audit.clock", lang, count=found.clock_behind)))
    return blocks
