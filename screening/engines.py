"""Compiled programs and the engines that run them, made once and kept by digest."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final
from weakref import WeakMethod

from indicators.answers import Answer
from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from indicators.errors import AnswersError, ContentError, fault, listed, nearest
from indicators.forms import QuestionForm, forms_of
from rules.evaluation import Engine, Evaluation
from rules.executors.durable import engine_pool
from rules.executors.worker_pools import WorkerPool
from rules.models import RuleSet, Service
from rules.program import Program, compile_program
from rules.revisions import Revision, published, revision_in_force
from rules.rule_sets import load_rule_set, rule_set_names
from screening.interviews import Revision as RevisionAsked
from screening.sentences import Sentences

# Interviews pin the program they were begun with: some old ones are in use beside the one in force. More than
# these are made again when they are asked for.
MOST_PROGRAMS: Final = 12

Watch = Callable[[Evaluation], None]


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
    # When the folder of revisions last changed: whatever another process publishes is read too.
    seen: int | None


class _WatchedEngine(Engine):
    def __init__(self, program: Program, pool: WorkerPool, watchers: Sequence[WeakMethod[Watch]]) -> None:
        super().__init__(program, pool=pool)
        self._watchers = watchers

    def evaluate(self, answers: Mapping[str, Answer], as_of: date, instrument: str) -> Evaluation:
        found = super().evaluate(answers, as_of, instrument)
        for reference in self._watchers:
            watch = reference()
            if watch is not None:
                watch(found)
        return found


class Engines:
    """Programs by rule set and revision, for any number of threads; closing it ends its workers."""

    def __init__(
        self,
        root: Path | None = None,
        workers: int = 1,
        *,
        revisions: Path | None = None,
        time_limit: float = 1.0,
    ) -> None:
        """Take a content tree (the shipped one if None), and a folder with what was published from here.

        The folder has one of each rule set's name; a file that appears there is known from then on. A result
        whose check takes longer than `time_limit` seconds is given without it, and says so.
        """
        self._published_here = revisions
        self._root = root
        self._workers = workers
        self._time_limit = time_limit
        self._lock = threading.RLock()
        self._catalogue: Catalogue | None = None
        self._trees: dict[str, _Tree] = {}
        self._rules: OrderedDict[tuple[str, int | None], Rules] = OrderedDict()
        self._pool: WorkerPool | None = None
        self._watchers: list[WeakMethod[Watch]] = []

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

    def rule_set(self, name: str) -> RuleSet:
        """Return a rule set as it stands in the content tree, with its cases."""
        return self._tree(name).rule_set

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
            return self._rules_of(self.program_for(rule_set, revision, today))

    def rules_by_digest(self, digest: str, revision: int | None, load: Callable[[], Program]) -> Rules:
        """Return the rules of one program, whatever the content tree has become since.

        `load` gives the program if it is not at hand. The directory of services is today's: contacts are
        dated outside the program, and one that is no longer there is not offered.
        """
        with self._lock:
            found = self._rules.get((digest, revision))
            if found is not None:
                self._rules.move_to_end((digest, revision))
                return found
            return self._rules_of(load())

    def watch(self, watch: Watch) -> None:
        """Tell a method of every evaluation from now on, for as long as its object lives."""
        with self._lock:
            self._watchers[:] = [one for one in self._watchers if one() is not None]
            self._watchers.append(WeakMethod(watch))

    def close(self) -> None:
        """End every worker that was started."""
        with self._lock:
            self._rules.clear()
            if self._pool is not None:
                self._pool.close()
                self._pool = None

    def _rules_of(self, program: Program) -> Rules:
        key = (program.digest, program.revision)
        if key not in self._rules:
            if self._pool is None:
                # One pool for all programs: an old one costs a worker some memory and no process.
                self._pool = engine_pool(self._workers, self._time_limit)
            self._rules[key] = Rules(
                program=program,
                engine=_WatchedEngine(program, self._pool, self._watchers),
                sentences=Sentences(program.data),
                forms=forms_of(program.data["questions"]),
                services=self._services(program.rule_set),
            )
            # What was loaded stays. Walking it, the collector would hold up somebody's assessment for
            # longer than the assessment itself takes.
            gc.freeze()
            while len(self._rules) > MOST_PROGRAMS:
                self._rules.popitem(last=False)
        self._rules.move_to_end(key)
        return self._rules[key]

    def _services(self, rule_set: str) -> Mapping[str, Service]:
        if rule_set not in self.rule_set_names():
            return {}
        return {service.id: service for service in self._tree(rule_set).rule_set.services}

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
                seen = self._last_published(name)
                self._trees[name] = _Tree(
                    catalogue=catalogue,
                    rule_set=rule_set,
                    draft=compile_program(rule_set, catalogue),
                    published=self._read_published(name),
                    seen=seen,
                )
            tree = self._trees[name]
            seen = self._last_published(name)
            if seen != tree.seen:
                tree = replace(tree, published=self._read_published(name), seen=seen)
                self._trees[name] = tree
            return tree

    def _last_published(self, name: str) -> int | None:
        if self._published_here is None:
            return None
        try:
            return (self._published_here / name).stat().st_mtime_ns
        except OSError:
            return None

    def _read_published(self, name: str) -> tuple[Revision, ...]:
        folder = None if self._root is None else self._root / "rules" / "sets" / name / "revisions"
        found = {one.number: one for one in published(name, folder)}
        for one in [] if self._published_here is None else published(name, self._published_here / name):
            known = found.setdefault(one.number, one)
            if known.program.digest != one.program.digest:
                file = f"{self._published_here}/{name}/{one.number}.json"
                stated, other = known.program.digest, one.program.digest
                raise ContentError((fault("P094", file=file, line=1, stated=stated, found=other),))
        return tuple(found[number] for number in sorted(found))


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
