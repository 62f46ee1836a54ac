"""What is said of a draft: what is wrong with it in plain words, and what it changes, rule by rule."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from indicators.errors import Fault, advice, fault, message
from indicators.models import Text
from rules.checks import look_through
from rules.models import RuleSet
from rules.program import Program, compile_program
from rules.rule_sets import load_rule_set
from screening.drafting.differences import Difference, find_differences
from screening.drafting.overlays import not_put_in_force, write_tree
from screening.result_models import Part


class SaidFault(Part):
    """Something wrong: where it is, what it is, and what to do about it."""

    code: str
    severity: Literal["load", "publication", "request"]
    file: str | None
    line: int | None
    message: Text
    advice: Text


class Judgement(Part):
    """What a version of a draft is worth, compared with the program of another digest.

    Without a digest of its own it could not be read to its end.
    """

    digest: str | None
    against: str
    faults: tuple[SaidFault, ...]
    differences: tuple[Difference, ...]

    @property
    def can_load(self) -> bool:
        """Whether the draft can be run at all."""
        return self.digest is not None

    @property
    def can_publish(self) -> bool:
        """Whether nothing stands in the way of its publication."""
        return self.can_load and not self.faults


class LoadedDraft:
    """The content tree of a draft in a folder until left; `program` is None if it cannot be read."""

    def __init__(self, changed: Mapping[str, str], rule_set: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="draft-")
        self.root = Path(self._folder.name)
        self._changed = changed
        self._name = rule_set
        self.catalogue: Catalogue
        self.rule_set: RuleSet | None = None
        self.program: Program | None = None

    def __enter__(self) -> LoadedDraft:
        write_tree(self.root, self._changed)
        self.catalogue, faults = load_catalogue(self.root)
        self.rule_set, more = load_rule_set(self._name, self.root, self.catalogue)
        if self.rule_set is not None and not any(one.severity == "load" for one in (*faults, *more)):
            self.program = compile_program(self.rule_set, self.catalogue)
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def judge(changed: Mapping[str, str], rule_set: str, before: Program) -> Judgement:
    """Return everything wrong with a draft, and how what it says differs from another program.

    What would not be put into effect (S218) is among what is wrong, beside its file.
    """
    with tempfile.TemporaryDirectory(prefix="draft-") as folder:
        write_tree(Path(folder), changed)
        faults, programs = look_through(Path(folder))
    faults += [fault("S218", file=path, what=path) for path in not_put_in_force(changed)]
    program = programs.get(rule_set)
    return Judgement(
        digest=None if program is None else program.digest,
        against=before.digest,
        faults=tuple(say_fault(one) for one in faults),
        differences=() if program is None else find_differences(before.data, program.data),
    )


def say_fault(found: Fault) -> SaidFault:
    """Return a fault with its words in both languages."""
    return SaidFault(
        code=found.code,
        severity=found.severity,
        file=found.file,
        line=found.line,
        message=Text(en=message(found, "en"), ar=message(found, "ar")),
        advice=Text(en=advice(found, "en"), ar=advice(found, "ar")),
    )
