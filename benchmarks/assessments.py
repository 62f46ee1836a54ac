"""One checked assessment beside other engines, and the reference evaluator beside plain Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from statistics import median
from typing import cast

from benchmarks.interviews import Sitting, demo_sittings, random_sittings
from benchmarks.peers import Data, TwoValued, version_of
from benchmarks.peers.straight_line import StraightLine
from benchmarks.reports import Section, Target, timings_table
from benchmarks.synthetic import synthetic_program
from benchmarks.timing import Timings, race
from rules.evaluation import Engine, Evaluation
from rules.program import Program
from rules.revisions import draft_program

BY_HAND = "by hand"
REFERENCE = "reference, statuses"
CHECKED = "checked assessment"
ZEN = "zen-engine"

# Name, module, class, package.
PEERS = (
    (ZEN, "benchmarks.peers.zen", "Zen", "zen-engine"),
    ("zen-engine with its trace", "benchmarks.peers.zen", "TracingZen", "zen-engine"),
    ("panzi-json-logic", "benchmarks.peers.json_logic", "JsonLogic", "panzi-json-logic"),
    ("clipspy", "benchmarks.peers.clips", "Clips", "clipspy"),
)

ABOUT = """\
*By hand* is the three-valued function that somebody would write for one rule set: a branch a question,
a line a rule, no loops. For so many rules nobody writes it, so a program does
(`benchmarks/peers/straight_line.py`), without the compiler of the reference evaluator; over the
interviews of this run and 300 more it gives the same statuses.

*Reference, statuses* does the same work; *reference with trace* adds what fired on what. A *checked
assessment* is `Engine.evaluate`: tests decided from the answers, durable_rules in its worker process,
the reference, both traces, their comparison, the outcome.

The other engines are given the same rules and, for nothing, the tests already decided: they start from
the names of the true ones. They come to the same established conclusions, checked here for every
interview, and to nothing else: no unknown apart from false, no open conclusion, no trace (but for the
line with one), no second opinion. In zen-engine a missing input makes a line that reads it bare
disappear from the result without a word; compared with `true` first, as here, it is false. JsonLogic
has no chaining: a loop in Python gives each conclusion to the next. CLIPS counts in global variables.
Each was written in the fastest of the forms that were tried."""


def measure(rounds: int) -> Section:
    """Both rule sets on shipped and random interviews."""
    section = Section("One assessment", [ABOUT, *_absent()])
    shipped, synthetic = draft_program(), synthetic_program()
    with Engine(shipped, workers=1) as engine:
        title = _title("shipped rules", shipped)
        _race(section, engine, f"{title}, shipped interviews", demo_sittings(shipped), rounds)
        few = random_sittings(engine.reference, 60, seed=1, most=0.3)
        _race(section, engine, f"{title}, random interviews, up to 30 % answered", few, rounds)
        many = random_sittings(engine.reference, 60, seed=2)
        _race(section, engine, f"{title}, random interviews, up to all answered", many, rounds)
    with Engine(synthetic, workers=1) as engine:
        title = _title("synthetic rules", synthetic)
        few = random_sittings(engine.reference, 60, seed=3, most=0.3)
        _race(section, engine, f"{title}, random interviews, up to 30 % answered", few, rounds)
        many = random_sittings(engine.reference, 60, seed=4)
        _race(section, engine, f"{title}, random interviews, up to all answered", many, rounds)
    return section


def _race(section: Section, engine: Engine, title: str, sittings: Sequence[Sitting], rounds: int) -> None:
    reference = engine.reference
    by_hand = StraightLine(engine.program.data)
    given = [reference.decide_tests(one.answers, one.as_of).true_tests for one in sittings]
    checked = _check_all(engine, sittings)
    more = random_sittings(reference, 300, seed=9)
    if any(
        reference.evaluate(one.answers, one.as_of) != by_hand.statuses(by_hand.run(one.answers, one.as_of))
        for one in [*sittings, *more]
    ):
        raise AssertionError("the function by hand comes to other statuses")

    def with_trace(case: int) -> object:
        truths = reference.decide_tests(sittings[case].answers, sittings[case].as_of)
        return reference.statuses(truths), reference.trace(truths)

    def checked_assessment(case: int) -> object:
        one = sittings[case]
        return engine.evaluate(one.answers, one.as_of, one.instrument)

    runs: dict[str, Callable[[int], object]] = {
        BY_HAND: lambda case: by_hand.run(sittings[case].answers, sittings[case].as_of),
        REFERENCE: lambda case: reference.evaluate(sittings[case].answers, sittings[case].as_of),
        "reference with trace": with_trace,
        CHECKED: checked_assessment,
    }
    for name, peer in _peers(engine.program.data).items():
        for tests, one in zip(given, checked, strict=True):
            if peer.established(peer.run(tests)) != one.established:
                raise AssertionError(f"{name} comes to other conclusions")
        runs[name] = _run_of(peer, given)
    timings = race(runs, len(sittings), rounds)
    _check_all(engine, sittings)
    section.parts.append(f"**{title}**: {_sizes(given, [len(one.established) for one in checked])}")
    section.parts.append(timings_table("", timings, BY_HAND))
    section.targets += _targets(title, timings)


def _check_all(engine: Engine, sittings: Sequence[Sitting]) -> list[Evaluation]:
    """Every interview evaluated; without the engine's answer a race would time something else."""
    found = [engine.evaluate(one.answers, one.as_of, one.instrument) for one in sittings]
    if any(one.engine_check != "agrees" for one in found):
        raise AssertionError("the engine does not agree, or does not answer")
    return found


def _run_of(peer: TwoValued, given: Sequence[Sequence[str]]) -> Callable[[int], object]:
    return lambda case: peer.run(given[case])


def _targets(title: str, timings: dict[str, Timings]) -> list[Target]:
    ratio = timings[REFERENCE].p50 / timings[BY_HAND].p50
    found = [Target(f"reference within 3 × by hand, p50: {title}", f"{ratio:.2f} ×", ratio <= 3)]
    if ZEN in timings:
        ratio = timings[CHECKED].p50 / timings[ZEN].p50
        promise = f"checked assessment not slower than zen-engine without a trace, p50: {title}"
        found.append(Target(promise, f"{ratio:.2f} ×", ratio <= 1))
    return found


def _peers(data: Data) -> dict[str, TwoValued]:
    return {
        name: cast(TwoValued, getattr(import_module(module), kind)(data))
        for name, module, kind, package in PEERS
        if version_of(package) is not None
    }


def _absent() -> list[str]:
    missing = sorted({package for _, _, _, package in PEERS if version_of(package) is None})
    return [f"Not installed here, and so not compared: {', '.join(missing)}."] if missing else []


def _title(name: str, program: Program) -> str:
    rules = sum(len(item.get("rules", ())) for item in program.data["conclusions"])
    return f"{name} ({len(program.data['questions'])} questions, {rules} rules)"


def _sizes(given: Sequence[Sequence[str]], established: Sequence[int]) -> str:
    return (
        f"{len(given)} interviews with {median(len(one) for one in given):.0f} true tests and "
        f"{median(established):.0f} established conclusions in the middle one."
    )
