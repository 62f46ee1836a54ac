"""`screening keys`: make a master key, see which are in use, wrap every data key under the current one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from screening.cli.installed import open_engines
from screening.cli.options import LangOption, new_group
from screening.cli.output import console, print_blocks
from screening.documents import Block
from screening.installations import attach
from screening.keys.masters import write_new_key_file
from screening.people.access import SYSTEM
from screening.phrases import say
from screening.settings import read_storage_settings

app = new_group()


@app.command("new", help="cli.help.keys.new")
def make_key(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.help.keys.file")],
    lang: LangOption = "en",
) -> None:
    """Make a master key in a new file; the key itself is not shown."""
    key = write_new_key_file(file)
    console().print(say("cli.keys.made", lang, file=str(file), value=key.id), soft_wrap=True)


@app.command("status", help="cli.help.keys.status")
def show_status(lang: LangOption = "en") -> None:
    """Say under which master keys the data keys are, and which of them were given."""
    with open_engines() as engines:
        service = attach(read_storage_settings(), engines)
        try:
            with service.database.reading() as session:
                in_use = service.vault.masters_in_use(session)
        finally:
            service.close()
    vault = service.vault
    blocks = [Block("plain", 0, say("cli.keys.current", lang, value=vault.current_master))]
    for master, count in in_use.items():
        given = "given" if vault.has_master(master) else "missing"
        blocks.append(Block("plain", 1, say(f"cli.keys.{given}", lang, value=master, count=count)))
    print_blocks(console(), blocks)


@app.command("rotate", help="cli.help.keys.rotate")
def rotate(lang: LangOption = "en") -> None:
    """Wrap every data key under the current master key; may be cut off and begun again."""
    total = 0
    with open_engines() as engines:
        service = attach(read_storage_settings(), engines)
        try:
            while True:
                with service.work(SYSTEM) as work:
                    count = service.vault.rewrap(work.session)
                    if count:
                        work.record("keys.rotate", "installation", "keys", count=count)
                total += count
                if not count:
                    break
        finally:
            service.close()
    console().print(say("cli.keys.rotated", lang, count=total))
