"""`python -m screening.reference [--check]`: write the reference, or say which pages are not as generated."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from indicators.errors import ContentError
from screening.phrases import say
from screening.reference.examples import Examples
from screening.reference.libraries import open_library
from screening.reference.pages import generate


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when the pages are written or as generated, 1 when they differ or content has faults."""
    asked = _parser().parse_args(arguments)
    out: Path = asked.out
    try:
        library = open_library(as_of=asked.as_of)
    except ContentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    examples = Examples(asked.examples, os.path.relpath(asked.examples, out).replace(os.sep, "/"))
    pages = generate(library, examples)
    if asked.check:
        differing = find_differences(out, pages)
        for path in differing:
            sys.stderr.write(say("reference.differs", "en", file=str(out / path)) + "\n")
        return 1 if differing else 0
    write(out, pages)
    sys.stdout.write(say("reference.written", "en", folder=str(out), number=len(pages)) + "\n")
    return 0


def find_differences(out: Path, pages: Mapping[str, str]) -> list[str]:
    """Return pages that are missing, differ, or were generated once and are no longer."""
    found = {path for path, text in pages.items() if _read(out / path) != text}
    return sorted(found | _left_over(out, pages))


def write(out: Path, pages: Mapping[str, str]) -> None:
    """Write every page, and remove generated pages that no longer belong; other files stay."""
    for path, text in pages.items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if _read(target) != text:
            target.write_text(text, encoding="utf-8")
    for path in _left_over(out, pages):
        (out / path).unlink()


def _left_over(out: Path, pages: Mapping[str, str]) -> set[str]:
    mark = say("reference.generated", "en")
    return {
        path.relative_to(out).as_posix()
        for path in out.rglob("*.md")
        if path.relative_to(out).as_posix() not in pages and (_read(path) or "").startswith(mark)
    }


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m screening.reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help=say("reference.help.check", "en"))
    parser.add_argument(
        "--out", type=Path, default=Path("docs/reference"), help=say("reference.help.out", "en")
    )
    parser.add_argument(
        "--examples", type=Path, default=Path("tests"), help=say("reference.help.examples", "en")
    )
    parser.add_argument("--as-of", type=date.fromisoformat, help=say("reference.help.as_of", "en"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
