"""`screening demo`: the shipped interviews, screened now, with reasons and any authority's own label."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from indicators.errors import AnswersError
from screening.assessments import assess
from screening.cli.options import LangOption
from screening.cli.output import console, fail, print_blocks
from screening.clock import today_in_kuwait
from screening.demo_interviews import DemoInterview, load_demo_interviews
from screening.documents import Block
from screening.engines import Engines
from screening.phrases import Language, say
from screening.result_models import Assessment


def run(lang: LangOption = "en") -> None:
    """Screen every shipped interview."""
    interviews = load_demo_interviews()
    out = console()
    screened: list[tuple[DemoInterview, Assessment]] = []
    with Engines() as engines:
        for interview in interviews:
            try:
                screened.append((interview, assess(interview.interview, engines, today_in_kuwait())))
            except AnswersError as error:
                fail([one.at(interview.id, None) for one in error.faults], lang)
    for invented, heading in ((False, "cli.demo.published"), (True, "cli.demo.invented")):
        group = [pair for pair in screened if pair[0].invented == invented]
        if not group:
            continue
        print_blocks(out, [Block("heading", 0, say(heading, lang))])
        out.print(_table(group, lang))
        out.print()
        for interview, assessment in group:
            print_blocks(out, _reasons(interview, assessment, lang))
            out.print()
    print_blocks(out, [Block("strong", 0, say("cli.demo.count", lang, count=len(screened)))])
    print_blocks(out, [Block("quiet", 0, say("notice", lang))])


def _table(group: list[tuple[DemoInterview, Assessment]], lang: Language) -> Table:
    table = Table(show_lines=True, expand=False)
    for column in ("id", "result", "urgent", "routes"):
        table.add_column(say(f"cli.demo.{column}", lang))
    for interview, assessment in group:
        table.add_row(
            interview.id,
            assessment.outcome_label.say(lang),
            _list([say(f"urgent.{need.level}", lang, label=need.label) for need in assessment.urgent], lang),
            _list([item.label.say(lang) for item in assessment.recommendations], lang),
        )
    return table


def _list(items: list[str], lang: Language) -> str:
    return "\n".join(items) if items else say("cli.demo.nothing", lang)


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
    lines = [
        *((line.rule, line.rationale) for line in assessment.outcome_lines),
        *((why.rule, why.rationale) for item in assessment.recommendations for why in item.why),
    ]
    if lines:
        yield Block("plain", 1, say("cli.demo.reasons", lang))
    for rule, rationale in dict(lines).items():
        yield Block("plain", 2, say("cli.demo.reason", lang, rule=rule, rationale=rationale or rule))
    for sentence in assessment.unknown_share.sentences[:1]:
        yield Block("quiet", 1, sentence.say(lang))
