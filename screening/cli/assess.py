"""`screening assess`: one interview, or many, one a line."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from indicators.dates import read_day
from indicators.errors import AnswersError, Fault, fault, in_order
from indicators.json_reading import parse_json
from indicators.nodes import Node
from indicators.yaml_reading import LARGEST_FILE
from screening.assessments import assess
from screening.cli.installed import open_engines
from screening.cli.options import RESULT_FORMATS, LangOption, ResultFormat
from screening.cli.output import console, error_console, fail, print_blocks, report, write_plain
from screening.clock import today_in_kuwait
from screening.documents import write_document
from screening.drawings import draw
from screening.engines import Engines
from screening.interviews import read_file
from screening.phrases import Language, say
from screening.result_models import Assessment

STANDARD_INPUT = "-"


def run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="cli.help.file")],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="cli.help.as_of")] = None,
    lang: LangOption = "en",
    format: Annotated[
        ResultFormat | None, typer.Option("--format", metavar=RESULT_FORMATS, help="cli.help.format")
    ] = None,
) -> None:
    """Screen one interview, or one a line."""
    day = _read_as_of(as_of)
    content = _read_bytes(file)
    if file.lower().endswith(".jsonl"):
        if format not in (None, "json"):
            raise AnswersError([fault("S014", value=format)])
        _assess_many(content, file, day, lang)
    else:
        _assess_one(content, file, day, lang, format or "text")


def _read_as_of(text: str | None) -> date | None:
    if text is None:
        return None
    day = read_day(text)
    if day is None:
        raise AnswersError([fault("S005", field="--as-of", value=text)])
    return day


def _read_bytes(file: str) -> bytes:
    most = -1 if file.lower().endswith(".jsonl") else LARGEST_FILE + 1
    try:
        if file != STANDARD_INPUT:
            with Path(file).open("rb") as stream:
                return stream.read(most)
        # Whoever closed standard input gave nothing to read; Python then has no stream for it.
        return b"" if sys.stdin is None else sys.stdin.buffer.read(most)
    except OSError as error:
        raise AnswersError([fault("S001", value=file)]) from error


def _assess_one(content: bytes, file: str, day: date | None, lang: Language, format: ResultFormat) -> None:
    name = None if file == STANDARD_INPUT else file
    if not content.strip():
        raise AnswersError([fault("S013", file=name)])
    with open_engines() as engines:
        assessment = _assess_tree(engines, *read_file(content, name), day)
    if format == "json":
        write_plain(assessment.to_json(indent=2))
    elif format == "mermaid":
        write_plain(draw(assessment, lang))
    else:
        print_blocks(console(), write_document(assessment, lang))


def _assess_many(content: bytes, file: str, day: date | None, lang: Language) -> None:
    lines = [(number, line) for number, line in enumerate(content.split(b"\n"), start=1) if line.strip()]
    if not lines:
        raise AnswersError([fault("S013", file=file)])
    failed = 0
    with open_engines() as engines, _progress(lang, len(lines)) as progress:
        task = progress.task_ids[0]
        for number, line in lines:
            outcome = _assess_line(engines, line, file, number, day)
            if isinstance(outcome, Assessment):
                write_plain(outcome.to_json())
            else:
                failed += 1
                report(outcome, lang)
            progress.advance(task)
    if failed:
        fail([fault("S015", file=file)], lang)


def _assess_line(
    engines: Engines, line: bytes, file: str, number: int, day: date | None
) -> Assessment | list[Fault]:
    try:
        return _assess_tree(engines, *parse_json(line, file, number), day)
    except AnswersError as error:
        return [_at_line(one, file, number) for one in error.faults]


def _assess_tree(engines: Engines, node: Node | None, faults: list[Fault], day: date | None) -> Assessment:
    """Assess what could be read; faults of writing and of meaning are told together."""
    if node is None:
        raise AnswersError(faults)
    try:
        assessment = assess(node, engines, today_in_kuwait(), as_of=day)
    except AnswersError as error:
        raise AnswersError(in_order([*faults, *error.faults])) from error
    if faults:
        raise AnswersError(faults)
    return assessment


def _at_line(one: Fault, file: str, number: int) -> Fault:
    return one if one.line is not None else one.at(file, number)


def _progress(lang: Language, total: int) -> Progress:
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=error_console(),
        transient=True,
        # The results go to standard output as they are; redirected they would end up among the messages.
        redirect_stdout=False,
        disable=not sys.stderr.isatty(),
    )
    progress.add_task(say("cli.progress", lang), total=total)
    return progress
