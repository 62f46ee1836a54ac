"""`screening assessments`: evaluate kept results again and say whether each is still the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from indicators.errors import advice, fault, render
from screening.cli.installed import open_engines
from screening.cli.options import LangOption, new_group
from screening.cli.output import FAULTS_FOUND, console, print_blocks
from screening.documents import Block
from screening.installations import attach
from screening.people.access import SYSTEM
from screening.phrases import Language, say
from screening.refusals import refused
from screening.settings import read_storage_settings
from screening.sittings.finishing import Replayed, replay, replayable
from screening.work import Service

app = new_group()


@app.command("replay", help="cli.help.assessments.replay")
def replay_results(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="cli.help.assessments.ids")] = None,
    every: Annotated[bool, typer.Option("--all", help="cli.help.assessments.all")] = False,
    lang: LangOption = "en",
) -> None:
    """Evaluate the stored answers by the stored rules again; exit status 1 if a result is another."""
    if bool(ids) == every:
        raise refused("S032", value="ID")
    with open_engines() as engines:
        service = attach(read_storage_settings(), engines)
        try:
            found = list(_replay(service, replayable(service) if every else ids or ()))
        finally:
            service.close()
    different = [one for one in found if not one.same]
    print_blocks(console(), _report(found, different, lang))
    if different:
        raise typer.Exit(FAULTS_FOUND)


def _replay(service: Service, ids: Iterable[str]) -> Iterable[Replayed]:
    for one in ids:
        yield replay(service, SYSTEM, one)


def _report(found: list[Replayed], different: list[Replayed], lang: Language) -> list[Block]:
    blocks = [Block("result", 0, say("cli.assessments.replayed", lang, count=len(found)))]
    if not different:
        return [*blocks, Block("plain", 0, say("cli.assessments.same", lang))]
    wrong = fault("S263", value=str(len(different)))
    blocks.append(Block("fault", 0, render(wrong, lang)))
    blocks.append(Block("quiet", 1, say("cli.advice", lang, text=advice(wrong, lang))))
    for one in different:
        line = say("cli.assessments.different", lang, id=one.assessment, stored=one.stored, found=one.found)
        blocks.append(Block("plain", 1, line))
    return blocks
