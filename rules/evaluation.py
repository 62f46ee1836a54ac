"""Runs answers through both executors and says what came out, and whether the two agree.

The reference evaluator is the authority and its statuses are the result. The engine's answer is held against
it every time; what goes wrong there is told as data (`Incident`), for the caller to log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import Literal

from indicators.answers import Answer
from indicators.truth import FALSE, TRUE, UNKNOWN
from rules.executors.durable import DurableExecutor, EngineAnswer, EngineFailure
from rules.executors.reference import Reference, TestTruths
from rules.executors.worker_pools import WorkerPool
from rules.executors.workers import FailureKind
from rules.outcomes import Ladder
from rules.program import Program
from rules.trace import Trace

# Tables that turn one status into 1 and the others into 0, for all conclusions at once.
_IS = {wanted: bytes(status == wanted for status in range(256)) for wanted in (TRUE, UNKNOWN)}

EngineCheck = Literal["agrees", "differs", "unavailable", "not_run"]


@dataclass(frozen=True)
class Incident:
    """Something that must not stay silent, without anything of the case: it may be logged as it is."""

    kind: FailureKind | Literal["differs"]
    digest: str
    detail: str


@dataclass(frozen=True)
class Evaluation:
    """What follows from some answers on a day, by one program.

    `statuses` and `trace` are the reference evaluator's: 0 not established, 1 undetermined, 2 established.
    `outcome` is theirs too, unless the engine came to a higher one: then that is shown until a person has
    looked (`needs_human`), with both kept. `contradicted` are questions answered although another answer says
    they cannot apply, `disputed` the true tests of those.
    """

    digest: str
    rule_set: str
    revision: int | None
    instrument: str
    as_of: date
    answers: Mapping[str, Answer]
    truths: Mapping[str, int]
    relevance: Mapping[str, int]
    contradicted: tuple[str, ...]
    disputed: tuple[str, ...]
    missing_parameters: tuple[str, ...]
    statuses: Mapping[str, int]
    trace: Trace
    outcome: str
    may_still_become: tuple[str, ...]
    engine_check: EngineCheck
    reference_outcome: str
    engine_outcome: str | None
    needs_human: bool
    incidents: tuple[Incident, ...]

    @property
    def established(self) -> frozenset[str]:
        """The ids of the established conclusions."""
        return frozenset(name for name, status in self.statuses.items() if status == TRUE)

    @property
    def undetermined(self) -> frozenset[str]:
        """The ids of the conclusions that are still open."""
        return frozenset(name for name, status in self.statuses.items() if status == UNKNOWN)


class Engine:
    """Evaluates one program, checked; any number of threads may use it.

    With `check=False` the engine is not asked, and evaluations say `not_run`: for the many variants that
    counterfactuals and replays try, never for a result that is shown. ContentError for a program that the
    engine cannot run.
    """

    def __init__(
        self,
        program: Program,
        workers: int | None = None,
        *,
        check: bool = True,
        time_limit: float = 1.0,
        command: list[str] | None = None,
        pool: WorkerPool | None = None,
    ) -> None:
        self.program = program
        self.reference = Reference(program)
        self.ladder = Ladder.of(program.data)
        self.executor: DurableExecutor | None = None
        if check:
            self.executor = DurableExecutor(program, workers, time_limit, command=command, pool=pool)

    def evaluate(self, answers: Mapping[str, Answer], as_of: date, instrument: str) -> Evaluation:
        """What these answers lead to; KeyError for an instrument that the program does not have."""
        core = self.program.data["instruments"][instrument]["core"]
        truths = self.reference.decide_tests(answers, as_of)
        result = _ReferenceResult(self.reference, truths)
        core_is_settled = all(
            truths.relevance[question] == FALSE
            or (question in answers and answers[question].state == "value")
            for question in core
        )
        engine_check: EngineCheck = "not_run"
        engine_outcome: str | None = None
        incidents: tuple[Incident, ...] = ()
        if self.executor is not None:
            # The reference concludes while the worker does.
            answer = self.executor.evaluate(truths.true_tests, meanwhile=result.conclude)
            engine_check, incidents = self._compare(answer, result)
            if isinstance(answer, EngineAnswer):
                engine_outcome = self.ladder.outcome(answer.established, core_is_settled)
        reference_outcome = self.ladder.outcome(result.established, core_is_settled)
        outcome = reference_outcome
        if engine_check == "differs" and engine_outcome is not None:
            outcome = self.ladder.higher_of(reference_outcome, engine_outcome)
        return Evaluation(
            digest=self.program.digest,
            rule_set=self.program.rule_set,
            revision=self.program.revision,
            instrument=instrument,
            as_of=as_of,
            answers=dict(answers),
            truths=result.truths,
            relevance=truths.relevance,
            contradicted=truths.contradicted,
            disputed=truths.disputed,
            missing_parameters=truths.missing_parameters,
            statuses=result.statuses,
            trace=result.trace,
            outcome=outcome,
            may_still_become=self.ladder.may_still_become(result.undetermined, outcome),
            engine_check=engine_check,
            reference_outcome=reference_outcome,
            engine_outcome=engine_outcome,
            needs_human=engine_check == "differs",
            incidents=incidents,
        )

    def close(self) -> None:
        """End the workers that were started for this engine alone."""
        if self.executor is not None:
            self.executor.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _compare(
        self, answer: EngineAnswer | EngineFailure, result: _ReferenceResult
    ) -> tuple[EngineCheck, tuple[Incident, ...]]:
        digest = self.program.digest
        if isinstance(answer, EngineFailure):
            return "unavailable", (Incident(answer.kind, digest, answer.detail),)
        if answer.established == result.established and answer.trace == result.trace:
            return "agrees", ()
        if self.executor is not None:
            self.executor.distrust(answer)
        # Counts only: which conclusions differ would tell of the answers.
        conclusions = len(answer.established ^ result.established)
        firings = len(set(answer.trace) ^ set(result.trace))
        detail = f"{conclusions} conclusions and {firings} firings differ"
        return "differs", (Incident("differs", digest, detail),)


class _ReferenceResult:
    """What the reference evaluator concludes, computed when it is first needed."""

    def __init__(self, reference: Reference, truths: TestTruths) -> None:
        self._reference = reference
        self._tests = truths
        self._concluded = False

    def conclude(self) -> None:
        """Compute everything, once."""
        if not self._concluded:
            self._statuses = self._reference.statuses(self._tests)
            self._trace = self._reference.trace(self._tests)
            self._truths = self._tests.truths
            self._established = self._with(TRUE)
            self._undetermined = self._with(UNKNOWN)
            self._concluded = True

    def _with(self, wanted: int) -> frozenset[str]:
        found = bytes(self._statuses.values()).translate(_IS[wanted])
        return frozenset(compress(self._statuses, found))

    @property
    def statuses(self) -> dict[str, int]:
        self.conclude()
        return self._statuses

    @property
    def trace(self) -> Trace:
        self.conclude()
        return self._trace

    @property
    def truths(self) -> dict[str, int]:
        self.conclude()
        return self._truths

    @property
    def established(self) -> frozenset[str]:
        self.conclude()
        return self._established

    @property
    def undetermined(self) -> frozenset[str]:
        self.conclude()
        return self._undetermined
