"""The commands put together, and the one place where anything that goes wrong becomes a line and a status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import pairwise

import typer

from indicators.errors import AnswersError, ContentError, Fault, fault, in_order
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
from screening.cli.options import help_text
from screening.cli.output import WRONG_USE, report
from screening.logs import configure_logs
from screening.phrases import Language

app = typer.Typer(
    name="screening",
    help=help_text("all"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("assess", help=help_text("assess"))(assess.run)
app.add_typer(assessments.app, name="assessments", help=help_text("assessments"))
app.add_typer(rules.app, name="rules", help=help_text("rules"))
app.add_typer(audit.app, name="audit", help=help_text("audit"))
app.add_typer(database.app, name="database", help=help_text("database"))
app.add_typer(accounts.app, name="accounts", help=help_text("accounts"))
app.add_typer(keys.app, name="keys", help=help_text("keys"))
app.add_typer(cases.cases, name="cases", help=help_text("cases"))
app.add_typer(cases.rules, name="retention", help=help_text("retention"))
app.add_typer(webhooks.app, name="webhooks", help=help_text("webhooks"))
app.command("backup", help=help_text("backup"))(backup.run_backup)
app.command("restore", help=help_text("restore"))(backup.run_restore)
app.command("questions", help=help_text("questions"))(questions.run)
app.command("demo", help=help_text("demo"))(demo.run)

# Typer keeps the class of usage errors to itself; it is an ancestor of one that it shows.
_USAGE_ERROR: type[Exception] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)
_CODES = {"NoSuchOption": "S031", "MissingParameter": "S032", "BadParameter": "S033"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 for done, 1 where the check found faults, 2 for wrong use or bad input."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _write_utf8()
    configure_logs(sys.stderr)
    try:
        status = app(args=given, prog_name="screening", standalone_mode=False)
    except (AnswersError, ContentError) as error:
        return _end(in_order(error.faults), given)
    except _USAGE_ERROR as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            # The help was printed; that is the message.
            return WRONG_USE
        return _end([_usage_fault(error)], given)
    except Exception as error:
        # Promised: never a traceback. Whoever mends the program asks for one.
        if os.environ.get("SCREENING_TRACEBACK"):
            raise
        return _end([fault("S034", value=type(error).__name__)], given)
    return status if isinstance(status, int) else 0


def _write_utf8() -> None:
    """Results hold Arabic and English: no locale may keep them from being written, or change their bytes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8")


def _end(faults: Sequence[Fault], given: Sequence[str]) -> int:
    report(faults, _language(given))
    return WRONG_USE


def _usage_fault(error: Exception) -> Fault:
    names = [kind.__name__ for kind in type(error).__mro__]
    code = next((code for name, code in _CODES.items() if name in names), "S002")
    value = getattr(error, "option_name", None) or getattr(error, "message", None) or str(error)
    if code == "S032":
        parameter = getattr(error, "param", None)
        value = getattr(parameter, "name", None) or value
    return fault(code, value=str(value).rstrip("."))


def _language(given: Sequence[str]) -> Language:
    """The language asked for, also where the arguments as a whole cannot be read."""
    wants_arabic = "--lang=ar" in given or ("--lang", "ar") in pairwise(given)
    return "ar" if wants_arabic else "en"
