"""How long it takes to load, check and compile the shipped rules, beside reading the same files as YAML."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import yaml

from benchmarks.interviews import AS_OF
from benchmarks.reports import Section, Table, Target, milliseconds
from benchmarks.timing import race
from rules.checks import check
from rules.evaluation import Engine
from rules.executors.levels import plan
from rules.executors.reference import Reference
from rules.program import Program
from rules.revisions import draft_program

LIMIT_MS = 2000
PEER = "PyYAML on libyaml, the same files"
WHOLE = "load, check and compile everything"

ABOUT = """\
*Load, check and compile everything* is `rules.checks.check()`: strict reading with places, every check
for load and for publication, all cases of the rule set run. The peer only parses, and keeps no lines."""


def measure(rounds: int) -> Section:
    """From files to a running engine."""
    paths = [
        path for package in ("indicators", "rules") for path in Path(str(files(package))).rglob("*.yaml")
    ]
    paths = [path for path in paths if path.parent.name != "faults"]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    program = draft_program()
    text = program.to_json()
    faults = check()

    def parse(_: int) -> object:
        return [yaml.load(one, Loader=yaml.CSafeLoader) for one in texts]

    def start_engine(_: int) -> None:
        with Engine(program, workers=1) as engine:
            engine.evaluate({}, AS_OF, min(program.data["instruments"]))

    runs: dict[str, Callable[[int], object]] = {
        PEER: parse,
        WHOLE: lambda _: check(),
        "load and compile without the checks": lambda _: draft_program(),
        "read a published program and its digest": lambda _: Program.from_json(text),
        "prepare the reference evaluator": lambda _: Reference(program),
        "plan for the engine": lambda _: plan(program),
        "start an engine, to its first answer": start_engine,
    }
    timings = race(runs, 1, rounds)
    rows = [
        [name, f"{one.p50 / timings[PEER].p50:.2f}", milliseconds(one.p50), milliseconds(one.p95)]
        for name, one in timings.items()
    ]
    rules = sum(len(item.get("rules", ())) for item in program.data["conclusions"])
    entries = sum(len(item.get("entries", ())) for item in program.data["conclusions"])
    lines = sum(one.count("\n") for one in texts)
    size = (
        f"{rules} rules and {entries} weighted entries in {len(paths)} files of {lines} lines, with "
        f"{len(faults)} faults found."
    )
    section = Section("Loading", [ABOUT, size, Table(["", "p50, PyYAML = 1", "p50 ms", "p95 ms"], rows)])
    p50 = timings[WHOLE].p50 + timings["start an engine, to its first answer"].p50
    per_500 = p50 * 500 / rules
    promise = "a set of 500 rules loaded, checked, compiled and running within 2 s"
    measured = f"{p50:.0f} ms for {rules} rules, {per_500:.0f} ms in proportion for 500"
    section.targets.append(Target(promise, measured, max(p50, per_500) < LIMIT_MS))
    return section
