"""Published revisions: immutable files with program, digest, in-force date and who approved."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import rfc8785

from indicators.content import load_catalogue
from indicators.errors import ContentError, Fault, fault
from rules.program import Program, compile_program
from rules.rule_sets import load_rule_set


@dataclass(frozen=True)
class Revision:
    """A rule set as it was published; it never changes."""

    number: int
    program: Program
    in_force_from: date
    approved_by: tuple[str, ...]


def draft_program(rule_set: str = "kuwait", root: Path | None = None) -> Program:
    """The program of a content tree as it stands; raises `ContentError` with every load fault."""
    catalogue, faults = load_catalogue(root)
    rules, more = load_rule_set(rule_set, root, catalogue)
    stopping = [item for item in (*faults, *more) if item.severity == "load"]
    if stopping or rules is None:
        raise ContentError(tuple(stopping))
    return compile_program(rules, catalogue)


def published(rule_set: str = "kuwait", folder: Traversable | None = None) -> list[Revision]:
    """Every published revision, oldest first; raises `ContentError` if a file is not what was published."""
    where = folder if folder is not None else _shipped_folder(rule_set)
    if not where.is_dir():
        return []
    found = [_read(path) for path in where.iterdir() if path.name.endswith(".json")]
    return sorted(found, key=lambda revision: revision.number)


def revision_in_force(revisions: Sequence[Revision], today: date) -> Revision | None:
    """The revision in force on a day: of those begun by then, the one with the highest number."""
    begun = [revision for revision in revisions if revision.in_force_from <= today]
    return max(begun, key=lambda revision: revision.number, default=None)


def publish(
    program: Program,
    faults: Sequence[Fault],
    folder: Path,
    *,
    in_force_from: date,
    approved_by: Sequence[str],
) -> Path:
    """Write the next revision file and return its path; raises `ContentError` and writes nothing otherwise.

    `faults` are those that `rules.checks.check` found in the tree of the program: none may be left. Two
    different people must have approved.
    """
    problems = list(faults)
    people = {" ".join(name.split()).casefold() for name in approved_by if name.strip()}
    if len(people) < 2:
        problems.append(fault("P090", file=str(folder), given=len(people)))
    earlier = published(program.rule_set, folder) if folder.is_dir() else []
    if earlier and earlier[-1].program.digest == program.digest:
        problems.append(fault("P091", file=str(folder), revision=earlier[-1].number))
    if earlier and in_force_from < earlier[-1].in_force_from:
        problems.append(
            fault(
                "P092",
                file=str(folder),
                given=in_force_from.isoformat(),
                earlier=earlier[-1].in_force_from.isoformat(),
            )
        )
    if problems:
        raise ContentError(tuple(problems))
    number = earlier[-1].number + 1 if earlier else 1
    body: dict[str, Any] = {
        "revision": number,
        "rule_set": program.rule_set,
        "digest": program.digest,
        "in_force_from": in_force_from.isoformat(),
        "approved_by": sorted(approved_by),
        "program": dict(program.data),
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}.json"
    unfinished = folder / f".{number}.json.unfinished"
    unfinished.write_bytes(rfc8785.dumps(body) + b"\n")
    # A hard link fails if the number was taken meanwhile: a published file is never overwritten.
    os.link(unfinished, path)
    unfinished.unlink()
    return path


def _shipped_folder(rule_set: str) -> Traversable:
    return files("rules") / "sets" / rule_set / "revisions"


def _read(path: Traversable) -> Revision:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        revision = Revision(
            number=body["revision"],
            program=Program.from_data(body["program"], revision=body["revision"]),
            in_force_from=date.fromisoformat(body["in_force_from"]),
            approved_by=tuple(body["approved_by"]),
        )
        stated = body["digest"]
    except (KeyError, TypeError, ValueError) as problem:
        raise ContentError((fault("P093", file=str(path), line=1),)) from problem
    if revision.program.digest != stated or path.name != f"{revision.number}.json":
        raise ContentError(
            (fault("P094", file=str(path), line=1, stated=stated, found=revision.program.digest),)
        )
    return revision
