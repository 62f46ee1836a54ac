"""The arguments and options that several commands share, and the group that commands stand in.

Help is given by the id of a phrase: which language is wanted is known only once somebody asks.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

import typer
from typer.core import TyperGroup

from indicators.errors import AnswersError, fault, nearest
from screening.phrases import LANGUAGES, Language

ResultFormat: TypeAlias = Literal["text", "json", "mermaid"]
RESULT_FORMATS: Final = "|".join(get_args(ResultFormat))


class WrongUse(AnswersError):
    """The command line as a whole cannot be followed; told in the language of the help."""


class Group(TyperGroup):
    """A group that says in our words that it has no such command."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is named first, or refuse."""
        name = args[0]
        if name not in self.commands:
            raise WrongUse([fault("S035", value=name, nearest=nearest(name, self.commands))])
        return super().resolve_command(ctx, args)


def _said_before(ctx: typer.Context, lang: Language) -> Language:
    """The language given here or, failing that, to the group of the command: `--lang` may stand anywhere."""
    source = ctx.get_parameter_source("lang")
    if ctx.parent is None or (source is not None and source.name == "COMMANDLINE"):
        return lang
    found: Language = ctx.parent.params.get("lang", lang)
    return found


LangOption: TypeAlias = Annotated[
    Language,
    typer.Option("--lang", metavar="|".join(LANGUAGES), callback=_said_before, help="cli.help.lang"),
]
RuleSetOption: TypeAlias = Annotated[str, typer.Option("--rule-set", metavar="ID", help="cli.help.rule_set")]


def take_language(lang: LangOption = "en") -> None:
    """Let a group take `--lang` for whichever of its commands follows."""


def new_group(**settings: Any) -> typer.Typer:
    """Return a group of commands, to which they are added; given nothing, it shows its help."""
    return typer.Typer(
        cls=Group, callback=take_language, no_args_is_help=True, add_completion=False, **settings
    )
