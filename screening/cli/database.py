"""`screening database`: which version it is of, taking it to another, and whether it is whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from sqlalchemy import text

from indicators.errors import Fault
from screening.audit.times import ACCEPTED
from screening.cli.installed import open_engines
from screening.cli.options import LangOption, new_group
from screening.cli.output import FAULTS_FOUND, console, print_blocks, report
from screening.clock import utc_now
from screening.documents import Block
from screening.installations import attach, check_clock, open_database
from screening.keys.origins import find_master_keys
from screening.keys.vaults import Vault
from screening.people.access import SYSTEM
from screening.phrases import Language, say
from screening.refusals import Refused, refused
from screening.settings import StorageSettings, read_storage_settings
from screening.storage import schemas
from screening.storage.databases import FAILURES, Database, explain
from screening.storage.files import copy_file, make_folder, name_aside

app = new_group()


@app.command("status", help="cli.help.database.status")
def show_status(lang: LangOption = "en") -> None:
    """Say where the database is, of which version, and which this program needs."""
    database = open_database(read_storage_settings())
    try:
        state = schemas.state_of(database)
        version = schemas.version_of(database) or say("cli.database.none", lang)
    finally:
        database.close()
    address = database.url.render_as_string(hide_password=True)
    lines = (
        say("cli.database.address", lang, value=address),
        say("cli.database.version", lang, value=version, newest=schemas.newest()),
        say(f"cli.database.state.{state}", lang),
    )
    print_blocks(console(), [Block("plain", 0, line) for line in lines])


@app.command("upgrade", help="cli.help.database.upgrade")
def upgrade(lang: LangOption = "en") -> None:
    """Bring the database to the version of this program."""
    settings = read_storage_settings()
    database = Database(settings.address)
    try:
        _hold(database)
        if database.file is None:
            # Without a key the installation could not be used: better told before than after.
            find_master_keys(settings, database, may_create=False)
        elif not database.file.exists():
            raise refused("S112", value="0")
        _copy(database, f"before-{schemas.newest()}", lang)
        schemas.upgrade(database)
    finally:
        database.close()
    console().print(say("cli.database.done", lang, value=schemas.newest()))


@app.command("downgrade", help="cli.help.database.downgrade")
def downgrade(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="cli.help.database.to")],
    lang: LangOption = "en",
) -> None:
    """Take the database back to an earlier version."""
    if version != "base" and version not in schemas.known():
        raise refused("S113", value=version)
    database = open_database(read_storage_settings())
    try:
        _hold(database)
        if database.file is None and version == "base":
            # There is no copy beside it as there is of a file.
            _refuse_filled(database)
        _copy(database, f"before-{version}", lang)
        schemas.downgrade(database, version)
    finally:
        database.close()
    console().print(say("cli.database.done", lang, value=version))


@app.command("check", help="cli.help.database.check")
def check(lang: LangOption = "en") -> None:
    """Say whether the database is whole, of this version, and opened by this key."""
    settings = read_storage_settings()
    database = open_database(settings)
    # Each needs what the one before it found in order.
    checks: tuple[Callable[[], None], ...] = (
        lambda: _check_whole(database),
        lambda: schemas.require_current(database),
        lambda: _check_key(database, settings),
        lambda: check_clock(database, utc_now),
    )
    faults: Sequence[Fault] = ()
    try:
        for one in checks:
            one()
    except Refused as error:
        faults = error.faults
    finally:
        database.close()
    if faults:
        report(faults, lang)
        raise typer.Exit(FAULTS_FOUND)
    console().print(say("cli.database.whole", lang))


@app.command("accept-clock", help="cli.help.database.accept_clock")
def accept_clock(lang: LangOption = "en") -> None:
    """Note in the audit chain that the clock is right now and was wrong before."""
    with open_engines() as engines:
        service = attach(read_storage_settings(), engines)
        try:
            with service.work(SYSTEM) as work:
                work.record(ACCEPTED, "installation", "clock")
        finally:
            service.close()
    console().print(say("cli.database.clock_accepted", lang))


def _hold(database: Database) -> None:
    if database.file is not None:
        make_folder(database.file)
        database.hold()


def _copy(database: Database, why: str, lang: Language) -> None:
    if database.file is not None and schemas.version_of(database) is not None:
        copy = name_aside(database.file, why)
        copy_file(database.file, copy)
        console().print(say("cli.database.copied", lang, file=str(copy)), soft_wrap=True)


def _refuse_filled(database: Database) -> None:
    with database.reading() as session:
        if session.scalar(text("SELECT count(*) FROM accounts")):
            raise refused("S118")


def _check_whole(database: Database) -> None:
    if database.file is None:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        return
    try:
        with database.reading() as session:
            bad = session.execute(text("PRAGMA integrity_check(1)")).scalar() != "ok"
            if bad or session.execute(text("PRAGMA foreign_key_check")).first() is not None:
                raise refused("S109")
    except FAILURES as error:
        raise explain(error) or refused("S109") from error


def _check_key(database: Database, settings: StorageSettings) -> None:
    vault = Vault(find_master_keys(settings, database, may_create=False))
    with database.reading() as session:
        vault.verify(session)
