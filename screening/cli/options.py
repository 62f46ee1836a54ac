"""The arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import typer

from screening.phrases import Language, say


def help_text(id: str) -> str:
    """Return the help of a command or an option; help is in English, the messages of a run in `--lang`."""
    return say(f"cli.help.{id}", "en")


LangOption: TypeAlias = Annotated[Language, typer.Option("--lang", help=help_text("lang"))]
ResultFormat: TypeAlias = Literal["text", "json", "mermaid"]
RuleSetOption: TypeAlias = Annotated[str, typer.Option("--rule-set", help=help_text("rule_set"))]
