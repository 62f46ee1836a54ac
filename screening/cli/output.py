"""What the command writes: results on one stream, messages and progress on the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Final, NoReturn

import typer
from rich.console import Console
from rich.text import Text as Styled

from indicators.errors import Fault, advice, render
from screening.documents import Block, Role
from screening.phrases import Language, say

OK: Final = 0
FAULTS_FOUND: Final = 1
WRONG_USE: Final = 2

# Text wider than this is hard to follow from line to line, however wide the window.
WIDEST: Final = 100
NARROWEST: Final = 20
STEP: Final = 2

_STYLES: Final[dict[Role, str]] = {
    "result": "bold",
    "heading": "bold underline",
    "urgent": "bold red",
    "strong": "bold",
    "plain": "",
    "quiet": "dim",
    "source": "dim italic",
    "fault": "",
}


def console() -> Console:
    """Return the console of the result: colours only where somebody looks, never wider than can be read."""
    found = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if found.width > WIDEST:
        found.width = WIDEST
    return found


def error_console() -> Console:
    """Return the console of messages and progress."""
    return Console(file=sys.stderr, highlight=False, markup=False, emoji=False)


def print_blocks(out: Console, blocks: Iterable[Block]) -> None:
    """Write a document, wrapped, each block set in by its depth."""
    first = True
    for block in blocks:
        if block.role == "heading" and not first:
            out.print()
        first = False
        styled = Styled(block.text, style=_STYLES[block.role])
        if block.role == "fault":
            # Whoever mends a fault copies its place: it is never broken over two lines.
            out.print(styled, soft_wrap=True)
        else:
            indent = " " * (block.depth * STEP)
            for line in styled.wrap(out, max(out.width - len(indent), NARROWEST)):
                line.rstrip()
                out.print(Styled(indent).append_text(line), soft_wrap=True)


def write_plain(text: str) -> None:
    """Write text for a program to read: no wrapping, no colours."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def report(faults: Iterable[Fault], lang: Language) -> None:
    """Write faults to the error stream: a line each, and what to do about it below."""
    for fault in faults:
        sys.stderr.write(f"{render(fault, lang)}\n")
        sys.stderr.write(f"  {say('cli.advice', lang, text=advice(fault, lang))}\n")


def fail(faults: Iterable[Fault], lang: Language) -> NoReturn:
    """Report faults of use or input and end with the status for them."""
    report(faults, lang)
    raise typer.Exit(WRONG_USE)
