"""`screening demo`: the shipped interviews, screened now, with reasons and any authority's own label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from rich.console import Console
from rich.table import Table

from indicators.errors import AnswersError
from screening.assessments import assess
from screening.cli.options import LangOption
from screening.cli.output import console, fail, print_blocks
from screening.clock import today_in_kuwait
from screening.demo_interviews import DemoInterview, load_demo_interviews
from screening.documents import Block
from screening.engines import Engines
from screening.phrases import Language, say, say_both
from screening.result_models import Assessment

Screened: TypeAlias = tuple[DemoInterview, Assessment]


def run(lang: LangOption = "en") -> None:
    """Screen every shipped interview."""
    out = console()
    screened = _screen(lang)
    for invented, heading in ((False, "cli.demo.published"), (True, "cli.demo.invented")):
        group = [pair for pair in screened if pair[0].invented == invented]
        if group:
            _print_group(out, group, say(heading, lang), lang)
    print_blocks(out, [Block("strong", 0, say("cli.demo.count", lang, count=len(screened)))])
    print_blocks(out, [Block("quiet", 0, say("notice", lang))])


def _screen(lang: Language) -> list[Screened]:
    screened: list[Screened] = []
    with Engines() as engines:
        for interview in load_demo_interviews():
            try:
                screened.append((interview, assess(interview.interview, engines, today_in_kuwait())))
            except AnswersError as error:
                fail([one.at(interview.id, None) for one in error.faults], lang)
    return screened


def _print_group(out: Console, group: list[Screened], heading: str, lang: Language) -> None:
    print_blocks(out, [Block("heading", 0, heading)])
    with_labels = any(interview.authority for interview, _ in group)
    columns = ["id", "result", "urgent", *(["authority"] if with_labels else ["title"])]
    table = Table(show_lines=True)
    for column in columns:
        table.add_column(say(f"cli.demo.column.{column}", lang))
    for interview, assessment in group:
        last = interview.authority.label if interview.authority else interview.title
        table.add_row(
            interview.id, assessment.outcome_label.say(lang), _urgent(assessment, lang), last.say(lang)
        )
    out.print(table)
    out.print()
    for interview, assessment in group:
        print_blocks(out, _reasons(interview, assessment, lang))
        out.print()


def _urgent(assessment: Assessment, lang: Language) -> str:
    now = [say("urgent.now", lang, label=need.label) for need in assessment.urgent if need.level == "now"]
    to_ask = sum(need.level == "ask_now" for need in assessment.urgent)
    if to_ask:
        now.append(say("cli.demo.ask_now", lang, count=to_ask))
    return "\n".join(now) if now else say("cli.demo.nothing", lang)


def _reasons(interview: DemoInterview, assessment: Assessment, lang: Language) -> Iterator[Block]:
    yield Block("strong", 0, say("cli.demo.title", lang, id=interview.id, title=interview.title))
    yield Block("plain", 1, interview.story.say(lang))
    yield Block("strong", 1, say("cli.demo.ours", lang, label=assessment.outcome_label))
    if interview.authority is not None:
        slots = {name: getattr(interview.authority, name) for name in ("body", "label", "basis")}
        yield Block("strong", 1, say("cli.demo.authority.line", lang, **slots))
    for source in interview.sources:
        address = source.address or "—"
        yield Block("quiet", 1, say("cli.demo.source", lang, title=source.title, address=address))
    for need in assessment.urgent:
        yield Block("urgent", 1, say(f"urgent.{need.level}", lang, label=need.label))
    for line in assessment.outcome_lines:
        if line.outcome == assessment.outcome:
            rationale = line.rationale or line.rule
            yield Block("plain", 1, say("outcome.line", lang, rule=line.rule, rationale=rationale))
    for item in assessment.recommendations:
        urgency = say_both(f"urgency.{item.urgency}")
        yield Block(
            "plain", 1, say("cli.demo.route", lang, label=item.label, urgency=urgency, rule=item.why[0].rule)
        )
        rationale = item.why[0].rationale or item.why[0].rule
        yield Block("quiet", 2, rationale if isinstance(rationale, str) else rationale.say(lang))
    for sentence in assessment.unknown_share.sentences[:1]:
        yield Block("quiet", 1, sentence.say(lang))
