"""What `--help` says: the words of commands and options in the language of whoever asks, and their layout.

Typer has no Arabic, and draws frames that a line from right to left tears apart: the page is written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from screening.cli.output import STEP, console, print_blocks
from screening.documents import Block
from screening.phrases import FIRST_STRONG_ISOLATE, LANGUAGES, POP_ISOLATE, Language, say

Row = tuple[str, str]

_END_OF_OPTIONS: Final = "--"
# A column that is narrower than this breaks words; the text then stands below the name.
_NARROWEST_COLUMN: Final = 30
# The order in which a system looks for the language of messages; the first that is set decides.
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_ARABIC_LOCALE: Final = re.compile(r"ar(?![a-z])", re.IGNORECASE)
# What is typed as it stands: `.jsonl`, --for-real, a path, a number of a case, a day.
_CODE: Final = re.compile(r"`[^`]+`|[-.]*[A-Za-z0-9]+(?:[-./_]+[A-Za-z0-9]+)*")


def language_given(arguments: Sequence[str]) -> Language | None:
    """Return the language that `--lang` names, wherever it stands; also if nothing else can be read."""
    found: Language | None = None
    for at, argument in enumerate(arguments):
        if argument == _END_OF_OPTIONS:
            break
        following = arguments[at + 1] if argument == "--lang" and at + 1 < len(arguments) else None
        for lang in LANGUAGES:
            if following == lang or argument == f"--lang={lang}":
                found = lang
    return found


def language_of_help(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language of help and of words on wrong use: as given, else the system's, else English."""
    given = language_given(arguments)
    if given is not None:
        return given
    locale = next((environment[name] for name in _LOCALE_VARIABLES if environment.get(name)), "")
    return "ar" if _ARABIC_LOCALE.match(locale) else "en"


def put_words(command: TyperCommand | TyperGroup, lang: Language) -> None:
    """Put the words of one language where the commands name phrases; `lang` must be the context's object."""
    command.context_class = _HelpContext
    command.help = _say_help(command.help, lang)
    for parameter in command.params:
        if isinstance(parameter, TyperArgument | TyperOption):
            parameter.help = _say_help(parameter.help, lang)
    if isinstance(command, TyperGroup):
        for one in command.commands.values():
            if isinstance(one, TyperCommand | TyperGroup):
                put_words(one, lang)


def isolate_code(text: str) -> str:
    """Return Arabic text in which commands, paths and other Latin words keep their own direction."""
    return _CODE.sub(lambda found: f"{FIRST_STRONG_ISOLATE}{found[0]}{POP_ISOLATE}", text)


def name_of(parameter: object) -> str:
    """Return what stands on the command line for an argument or option."""
    if isinstance(parameter, TyperArgument):
        return parameter.metavar or str(parameter.name).upper()
    return str(getattr(parameter, "opts", [""])[0])


class _HelpContext(typer.Context):
    def get_help(self) -> str:
        """Return the help of this command as it is written to where results go."""
        out = console()
        with out.capture() as captured:
            _write(out, self)
        return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _say_help(id: str | None, lang: Language) -> str:
    # A docstring is no phrase: without words in both languages nothing starts, and a test says so before.
    text = say(id or "", lang)
    return isolate_code(text) if lang == "ar" else text


def _write(out: Console, ctx: typer.Context) -> None:
    lang: Language = ctx.obj
    command = ctx.command
    arguments = [one for one in command.params if isinstance(one, TyperArgument)]
    options = [one for one in command.params if isinstance(one, TyperOption) and not one.hidden]
    commands = command.commands.values() if isinstance(command, TyperGroup) else []
    takes = [*map(name_of, arguments), *(["COMMAND"] if commands else [])]
    usage = say("cli.usage", lang, usage=" ".join([ctx.command_path, "[OPTIONS]", *takes]))
    out.print(Styled(usage, style="bold"))
    out.print()
    out.print(Styled(command.help or ""))
    _write_part(out, "cli.usage.arguments", [(name_of(one), _about(one, lang)) for one in arguments], lang)
    _write_part(out, "cli.usage.options", _option_rows(options, ctx.help_option_names, lang), lang)
    _write_part(out, "cli.usage.commands", [(one.name or "", one.help or "") for one in commands], lang)


def _option_rows(options: Iterable[TyperOption], help_names: Sequence[str], lang: Language) -> Iterator[Row]:
    for option in options:
        takes = "" if option.is_flag else f" {option.metavar}"
        yield f"{', '.join(option.opts)}{takes}", _about(option, lang)
    yield ", ".join(help_names), say("cli.usage.help", lang)


def _about(parameter: TyperArgument | TyperOption, lang: Language) -> str:
    """What a parameter is, and whether it may be left out."""
    sentences = [parameter.help or ""]
    if parameter.required:
        sentences.append(say("cli.usage.required", lang))
    elif isinstance(parameter.default, str):
        sentences.append(say("cli.usage.default", lang, value=parameter.default))
    return " ".join(sentences)


def _write_part(out: Console, heading: str, rows: Iterable[Row], lang: Language) -> None:
    # Kept apart, a name leaves the direction of the line to the words that follow it.
    around = (FIRST_STRONG_ISOLATE, POP_ISOLATE) if lang == "ar" else ("", "")
    shown = [(name.join(around), text) for name, text in rows]
    if not shown:
        return
    out.print()
    out.print(Styled(say(heading, lang), style="bold underline"))
    widest = max(cell_len(name) for name, _ in shown)
    if out.width - widest - 2 * STEP < _NARROWEST_COLUMN:
        for name, text in shown:
            print_blocks(out, [Block("strong", 1, name), Block("plain", 2, text)])
        return
    table = Table.grid(padding=(0, STEP))
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for name, text in shown:
        table.add_row(Styled(" " * STEP + name), Styled(text))
    out.print(table)
