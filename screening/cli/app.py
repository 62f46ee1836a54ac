"""The commands put together, and the one place where anything that goes wrong becomes a line and a status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import typer
from typer.main import get_group

from indicators.errors import AnswersError, ContentError, Fault, fault, in_order, listed
from screening.cli import (
    accounts,
    assess,
    assessments,
    audit,
    backup,
    cases,
    database,
    demo,
    keys,
    questions,
    rules,
    webhooks,
)
from screening.cli.help_texts import language_given, language_of_help, name_of, put_words
from screening.cli.options import Group, WrongUse, new_group
from screening.cli.output import WRONG_USE, report
from screening.logs import configure_logs
from screening.phrases import Language

app = new_group(name="screening", help="cli.help.all", pretty_exceptions_enable=False)
app.command("assess", help="cli.help.assess")(assess.run)
app.add_typer(assessments.app, name="assessments", help="cli.help.assessments")
app.add_typer(rules.app, name="rules", help="cli.help.rules")
app.add_typer(audit.app, name="audit", help="cli.help.audit")
app.add_typer(database.app, name="database", help="cli.help.database")
app.add_typer(accounts.app, name="accounts", help="cli.help.accounts")
app.add_typer(keys.app, name="keys", help="cli.help.keys")
app.add_typer(cases.cases, name="cases", help="cli.help.cases")
app.add_typer(cases.rules, name="retention", help="cli.help.retention")
app.add_typer(webhooks.app, name="webhooks", help="cli.help.webhooks")
app.command("backup", help="cli.help.backup")(backup.run_backup)
app.command("restore", help="cli.help.restore")(backup.run_restore)
app.command("questions", help="cli.help.questions")(questions.run)
app.command("demo", help="cli.help.demo")(demo.run)

# Typer keeps the class of usage errors to itself; it is an ancestor of one that it shows.
_USAGE_ERROR: type[Exception] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 for done, 1 where the check found faults, 2 for wrong use or bad input."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _write_utf8()
    configure_logs(sys.stderr)
    asked = language_of_help(given, os.environ)
    said = language_given(given) or "en"
    try:
        commands = get_group(app)
        put_words(commands, asked)
        status = commands.main(args=given, prog_name="screening", standalone_mode=False, obj=asked)
    except WrongUse as error:
        return _end(error.faults, asked)
    except (AnswersError, ContentError) as error:
        return _end(in_order(error.faults), said)
    except _USAGE_ERROR as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stdout.write(f"{error}\n")
            return WRONG_USE
        return _end([_usage_fault(error, given)], asked)
    except Exception as error:
        # Promised: never a traceback. Whoever mends the program asks for one.
        if os.environ.get("SCREENING_TRACEBACK"):
            raise
        return _end([fault("S034", value=type(error).__name__)], said)
    return status if isinstance(status, int) else 0


def _write_utf8() -> None:
    """Results hold Arabic and English: no locale may keep them from being written, or change their bytes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8")


def _end(faults: Sequence[Fault], lang: Language) -> int:
    report(faults, lang)
    return WRONG_USE


def _usage_fault(error: Exception, given: Sequence[str]) -> Fault:
    """What Typer found wrong, in our words: its own sentences are in English only."""
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    option = getattr(error, "option_name", None)
    if kind == "NoSuchOption":
        return fault("S031", value=option)
    if kind == "MissingParameter":
        return fault("S032", value=name_of(parameter))
    if kind == "BadParameter" and parameter is not None:
        return fault("S033", value=name_of(parameter), known=listed((parameter.metavar or "").split("|")))
    if kind == "BadOptionUsage":
        # An option that lacks its value ends the line; any other was given one that it does not take.
        return fault("S037" if given[-1] == option else "S038", value=option)
    if kind == "UsageError" and context is not None:
        return fault("S032", value="COMMAND") if isinstance(context.command, Group) else fault("S036")
    return fault("S002", value=str(error).rstrip("."))
