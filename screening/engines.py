"""Compiled programs and the engines that run them, made once and kept by digest."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType

from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from indicators.errors import AnswersError, ContentError, fault, listed, nearest
from indicators.forms import QuestionForm, forms_of
from rules.evaluation import Engine
from rules.models import RuleSet, Service
from rules.program import Program, compile_program
from rules.revisions import Revision, published, revision_in_force
from rules.rule_sets import load_rule_set, rule_set_names
from screening.interviews import Revision as RevisionAsked
from screening.sentences import Sentences


@dataclass(frozen=True, slots=True)
class Rules:
    """A program that is ready to assess with, its sentences, and the directory of services beside it."""

    program: Program
    engine: Engine
    sentences: Sentences
    forms: Mapping[str, QuestionForm]
    services: Mapping[str, Service]


@dataclass(frozen=True, slots=True)
class _Tree:
    catalogue: Catalogue
    rule_set: RuleSet
    draft: Program
    published: tuple[Revision, ...]


class Engines:
    """Programs by rule set and revision, for any number of threads; closing it ends its workers."""

    def __init__(self, root: Path | None = None, workers: int = 1) -> None:
        self._root = root
        self._workers = workers
        self._lock = threading.RLock()
        self._catalogue: Catalogue | None = None
        self._trees: dict[str, _Tree] = {}
        self._rules: dict[tuple[str, int | None], Rules] = {}

    def __enter__(self) -> Engines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def rule_set_names(self) -> list[str]:
        """Return the ids of the rule sets there are."""
        return rule_set_names(self._root)

    def catalogue(self) -> Catalogue:
        """Return questions, instruments, indicators and sources as they stand in the content tree.

        Raises `ContentError` with every load fault of them.
        """
        with self._lock:
            if self._catalogue is None:
                catalogue, faults = load_catalogue(self._root)
                stopping = [item for item in faults if item.severity == "load"]
                if stopping:
                    raise ContentError(stopping)
                self._catalogue = catalogue
            return self._catalogue

    def revisions(self, rule_set: str) -> tuple[Revision, ...]:
        """Return the published revisions of a rule set, oldest first."""
        return self._tree(rule_set).published

    def program_for(self, rule_set: str, revision: RevisionAsked, today: date) -> Program:
        """Return the program that `rules_for` would run, without starting an engine."""
        return _choose(self._tree(rule_set), revision, today)

    def rules_for(self, rule_set: str, revision: RevisionAsked, today: date) -> Rules:
        """Return the rules of a revision; None stands for the one in force today, or the draft where none is.

        Raises `AnswersError` for a rule set or a revision that is not there, `ContentError` for content that
        cannot be loaded.
        """
        with self._lock:
            program = self.program_for(rule_set, revision, today)
            key = (program.digest, program.revision)
            if key not in self._rules:
                self._rules[key] = Rules(
                    program=program,
                    engine=Engine(program, workers=self._workers),
                    sentences=Sentences(program.data),
                    forms=forms_of(program.data["questions"]),
                    services={service.id: service for service in self._tree(rule_set).rule_set.services},
                )
                # What was loaded stays. Walking it, the collector would hold up somebody's assessment for
                # longer than the assessment itself takes.
                gc.freeze()
            return self._rules[key]

    def close(self) -> None:
        """End every worker that was started."""
        with self._lock:
            for rules in self._rules.values():
                rules.engine.close()
            self._rules.clear()

    def _tree(self, name: str) -> _Tree:
        with self._lock:
            if name not in self._trees:
                known = self.rule_set_names()
                if name not in known:
                    raise AnswersError(
                        [
                            fault(
                                "S008",
                                field="rule_set",
                                value=name,
                                nearest=nearest(name, known),
                                known=listed(known),
                            )
                        ]
                    )
                catalogue = self.catalogue()
                rule_set, faults = load_rule_set(name, self._root, catalogue)
                stopping = [item for item in faults if item.severity == "load"]
                if stopping or rule_set is None:
                    raise ContentError(stopping)
                folder = None if self._root is None else self._root / "rules" / "sets" / name / "revisions"
                self._trees[name] = _Tree(
                    catalogue=catalogue,
                    rule_set=rule_set,
                    draft=compile_program(rule_set, catalogue),
                    published=tuple(published(name, folder)),
                )
            return self._trees[name]


def _choose(tree: _Tree, revision: RevisionAsked, today: date) -> Program:
    if revision == "draft":
        return tree.draft
    if revision is None:
        in_force = revision_in_force(tree.published, today)
        return tree.draft if in_force is None else in_force.program
    for one in tree.published:
        if one.number == revision:
            return one.program
    known = [*(str(one.number) for one in tree.published), "draft"]
    name = tree.rule_set.head.rule_set
    raise AnswersError([fault("S009", field="revision", value=revision, rule_set=name, known=listed(known))])
