"""`screening rules`: check, show and list."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from indicators.errors import AnswersError, Fault, advice, fault, nearest, render
from rules.checks import check
from screening.cli.installed import open_engines
from screening.cli.options import LangOption, RuleSetOption, new_group
from screening.cli.output import FAULTS_FOUND, console, print_blocks
from screening.clock import today_in_kuwait
from screening.descriptions import (
    Description,
    describe,
    known_ids,
    list_rules,
    source_line,
    used_by_line,
)
from screening.documents import Block
from screening.interviews import DEFAULT_RULE_SET
from screening.phrases import Language, say
from screening.sentences import Sentences

app = new_group()

SEVERITIES = ("load", "publication")


@app.command("check", help="cli.help.rules.check")
def check_rules(
    path: Annotated[Path | None, typer.Argument(metavar="[PATH]", help="cli.help.path")] = None,
    lang: LangOption = "en",
) -> None:
    """Find every fault of a content tree."""
    if path is not None and not ((path / "indicators").is_dir() and (path / "rules").is_dir()):
        raise AnswersError([fault("S016", value=str(path))])
    faults = check(path)
    if not faults:
        console().print(say("cli.check.clean", lang))
        return
    print_blocks(console(), _report(faults, lang))
    raise typer.Exit(FAULTS_FOUND)


@app.command("show", help="cli.help.rules.show")
def show_rule(
    id: Annotated[str, typer.Argument(metavar="ID", help="cli.help.id")],
    lang: LangOption = "en",
    rule_set: RuleSetOption = DEFAULT_RULE_SET,
) -> None:
    """Show one thing of the rules as sentences."""
    sentences = _sentences(rule_set)
    found = describe(sentences, id)
    if found is None:
        raise AnswersError([fault("S010", value=id, nearest=nearest(id, known_ids(sentences)))])
    print_blocks(console(), _describe(found, lang))


@app.command("list", help="cli.help.rules.list")
def list_all_rules(lang: LangOption = "en", rule_set: RuleSetOption = DEFAULT_RULE_SET) -> None:
    """List every rule with what it concludes."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(say("cli.list.rule", lang), no_wrap=True)
    table.add_column(say("cli.list.kind", lang), no_wrap=True)
    table.add_column(say("cli.list.concludes", lang))
    for row in list_rules(_sentences(rule_set)):
        table.add_row(row.id, say(f"conclusion.{row.kind}", lang), row.label.say(lang))
    console().print(table)


def _sentences(rule_set: str) -> Sentences:
    with open_engines() as engines:
        return Sentences(engines.program_for(rule_set, None, today_in_kuwait()).data)


def _report(faults: list[Fault], lang: Language) -> list[Block]:
    blocks = []
    for severity in SEVERITIES:
        chosen = [one for one in faults if one.severity == severity]
        if not chosen:
            continue
        blocks.append(Block("heading", 0, say(f"cli.check.{severity}", lang)))
        for one in chosen:
            blocks.append(Block("fault", 0, render(one, lang)))
            blocks.append(Block("quiet", 1, say("cli.advice", lang, text=advice(one, lang))))
    counts = {severity: sum(one.severity == severity for one in faults) for severity in SEVERITIES}
    blocks.append(Block("heading", 0, say("cli.check.counts", lang, **counts)))
    for code, count in sorted(Counter(one.code for one in faults).items()):
        blocks.append(Block("plain", 1, say("cli.check.by_code", lang, code=code, count=count)))
    return blocks


def _describe(description: Description, lang: Language) -> list[Block]:
    blocks = [
        Block("strong" if line.depth == 0 else "plain", line.depth, line.text.say(lang))
        for line in description.lines
    ]
    if description.rationale is not None:
        blocks.append(Block("plain", 0, say("describe.why", lang, rationale=description.rationale)))
    blocks += [Block("source", 0, source_line(source).say(lang)) for source in description.sources]
    if description.kind != "rule":
        blocks.append(Block("quiet", 0, used_by_line(description).say(lang)))
    return blocks
