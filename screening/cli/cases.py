"""`screening cases` and `screening retention`: for whoever runs the machine and holds its master key.

They act as the system itself; the audit chain says so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from indicators.dates import read_day
from screening.cases import erasure, exports, holds, retention
from screening.cases.cases import id_of_number
from screening.cli.installed import open_engines
from screening.cli.options import LangOption, new_group
from screening.cli.output import console, print_blocks
from screening.clock import day_in_kuwait
from screening.documents import Block
from screening.installations import attach
from screening.people.access import SYSTEM
from screening.phrases import Language, say
from screening.refusals import refused
from screening.settings import read_storage_settings
from screening.work import Service, Work

cases = new_group()
rules = new_group()

NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="cli.help.cases.number")]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="REASON", help="cli.help.cases.reason")]


@cases.command("export", help="cli.help.cases.export")
def export_case(
    number: NumberArgument,
    identity: Annotated[bool, typer.Option("--identity", help="cli.help.cases.identity")] = False,
    lang: LangOption = "en",
) -> None:
    """Write one person's record to standard output."""
    with _service() as service, service.work(SYSTEM) as work:
        pieces = exports.export_case(work, _find(work, number), identity=identity)
    for piece in pieces:
        sys.stdout.write(piece)


@cases.command("erase", help="cli.help.cases.erase")
def erase_case(
    number: NumberArgument,
    confirm: Annotated[str, typer.Option("--confirm", metavar="NUMBER", help="cli.help.cases.confirm")],
    reason: ReasonOption,
    lang: LangOption = "en",
) -> None:
    """Erase a case whose number was given twice."""
    with _service() as service, service.work(SYSTEM) as work:
        case = erasure.erase_case(work, _find(work, number), number=confirm, reason=reason)
    console().print(say("cli.cases.erased", lang, number=case.number), soft_wrap=True)


@cases.command("hold", help="cli.help.cases.hold")
def hold_case(
    number: NumberArgument,
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="cli.help.cases.until")],
    reason: ReasonOption,
    lang: LangOption = "en",
) -> None:
    """Keep a case until a day."""
    day = read_day(until)
    if day is None:
        raise refused("S005", value=until)
    with _service() as service, service.work(SYSTEM) as work:
        case = holds.hold_case(work, _find(work, number), until=day, reason=reason)
    console().print(say("cli.cases.held", lang, number=case.number, day=until), soft_wrap=True)


@cases.command("release", help="cli.help.cases.release")
def release_case(number: NumberArgument, lang: LangOption = "en") -> None:
    """End a hold."""
    with _service() as service, service.work(SYSTEM) as work:
        case = holds.release_case(work, _find(work, number))
    console().print(say("cli.cases.released", lang, number=case.number), soft_wrap=True)


@rules.command("run", help="cli.help.retention.run")
def run_retention(
    for_real: Annotated[bool, typer.Option("--for-real", help="cli.help.retention.for_real")] = False,
    lang: LangOption = "en",
) -> None:
    """Say what would go, or let it go."""
    with _service() as service:
        if for_real:
            found = retention.run_retention(service, SYSTEM)
        else:
            with service.work(SYSTEM) as work:
                found = retention.plan_retention(work)
    print_blocks(console(), _report(found, lang))
    heading = "cli.retention.done" if for_real else "cli.retention.dry"
    console().print(say(heading, lang))


def _report(found: Sequence[retention.Due], lang: Language) -> Iterator[Block]:
    for due in found:
        line = say(
            "cli.retention.rule", lang, label=due.rule.label, days=due.rule.after_days, count=due.count
        )
        yield Block("strong", 0, line)
        yield Block("quiet", 1, due.rule.because.say(lang))
        for case in due.cases:
            phrase = "cli.retention.case_held" if case.held else "cli.retention.case"
            day = day_in_kuwait(case.due_at).isoformat()
            yield Block("plain", 1, say(phrase, lang, number=case.number, day=day))


def _find(work: Work, number: str) -> str:
    found = id_of_number(work, number)
    if found is None:
        raise refused("S150")
    return found


@contextmanager
def _service() -> Iterator[Service]:
    with open_engines() as engines:
        service = attach(read_storage_settings(), engines)
        try:
            yield service
        finally:
            service.close()
