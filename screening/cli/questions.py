"""`screening questions`: the questions of an instrument, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Literal

import typer

from indicators.catalogue import Catalogue
from indicators.errors import AnswersError, fault, listed, nearest
from screening.cli.installed import open_engines
from screening.cli.options import LangOption
from screening.cli.output import console, print_blocks, write_plain
from screening.descriptions import list_questions
from screening.documents import Block
from screening.phrases import Language, list_either, say, say_both
from screening.sentences import sentences_of


def run(
    instrument: Annotated[str, typer.Argument(metavar="INSTRUMENT", help="cli.help.instrument")],
    format: Annotated[
        Literal["text", "json"], typer.Option("--format", metavar="text|json", help="cli.help.format")
    ] = "text",
    lang: LangOption = "en",
) -> None:
    """List the questions of an instrument."""
    with open_engines() as engines:
        catalogue = engines.catalogue()
    known = sorted(catalogue.instruments)
    if instrument not in known:
        raise AnswersError(
            [fault("S004", value=instrument, nearest=nearest(instrument, known), known=listed(known))]
        )
    if format == "json":
        write_plain(json.dumps(list_questions(catalogue, instrument), ensure_ascii=False, indent=2))
    else:
        print_blocks(console(), _blocks(catalogue, instrument, lang))


def _blocks(catalogue: Catalogue, instrument: str, lang: Language) -> Iterator[Block]:
    sentences = sentences_of(catalogue)
    chosen = catalogue.instruments[instrument]
    core = set(chosen.core)
    yield Block("strong", 0, chosen.title.say(lang))
    yield Block("plain", 0, chosen.purpose.say(lang))
    for section in chosen.sections:
        yield Block("heading", 0, section.title.say(lang))
        for id in section.questions:
            question = catalogue.questions[id]
            type_ = say_both(f"type.{question.type}")
            line = say("cli.questions.line", lang, question=question.text, id=id, type=type_)
            yield Block("strong", 1, line)
            if id in core:
                yield Block("plain", 2, say("cli.questions.core", lang))
            if question.options:
                options = list_either(option.text for option in question.options)
                yield Block("plain", 2, say("cli.questions.options", lang, options=options))
            for phrase, condition in (
                ("cli.questions.applies_when", question.applies_when),
                ("cli.questions.ask_when", question.ask_when),
            ):
                if condition is not None:
                    yield Block("quiet", 2, say(phrase, lang))
                    for line_ in sentences.written_condition(condition):
                        yield Block("quiet", 3 + line_.depth, line_.text.say(lang))
