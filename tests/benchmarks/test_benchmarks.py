"""What is measured is what it says: the peers conclude the same, the sizes are as told, the page is whole."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.interviews import random_sittings
from benchmarks.peers.straight_line import StraightLine
from benchmarks.reports import Section, Table, Target, timings_table, write_page
from benchmarks.synthetic import QUESTIONS, RULES, synthetic_program
from benchmarks.timing import Timings, race
from rules.executors.reference import Reference
from rules.program import Program
from tests.rules.random_programs import programs

PEERS = [("zen", "Zen", "zen"), ("json_logic", "JsonLogic", "json_logic"), ("clips", "Clips", "clips")]


@pytest.fixture(scope="module")
def synthetic() -> Program:
    return synthetic_program()


def test_the_synthetic_program_is_as_large_as_it_says_and_the_same_every_time(synthetic: Program) -> None:
    conclusions = synthetic.data["conclusions"]
    assert len(synthetic.data["questions"]) == QUESTIONS == 150
    assert sum(len(item.get("rules", ())) for item in conclusions) == RULES == 234
    assert synthetic.digest == synthetic_program().digest


@given(program=programs(), seed=st.integers(0, 2**32))
@settings(max_examples=50, deadline=None)
def test_the_function_by_hand_gives_the_statuses_of_the_reference(program: Program, seed: int) -> None:
    reference, by_hand = Reference(program), StraightLine(program.data)
    for one in random_sittings(reference, 3, seed):
        found = by_hand.statuses(by_hand.run(one.answers, one.as_of))
        assert found == reference.evaluate(one.answers, one.as_of)


@pytest.mark.parametrize(("module", "kind", "package"), PEERS)
def test_a_peer_establishes_what_the_reference_does(
    synthetic: Program, module: str, kind: str, package: str
) -> None:
    pytest.importorskip(package)
    loaded: Any = __import__(f"benchmarks.peers.{module}", fromlist=[kind])
    peer, reference = getattr(loaded, kind)(synthetic.data), Reference(synthetic)
    some = 0
    for one in random_sittings(reference, 20, seed=8):
        truths = reference.decide_tests(one.answers, one.as_of)
        statuses = reference.statuses(truths)
        expected = {name for name, status in statuses.items() if status == 2}
        assert peer.established(peer.run(truths.true_tests)) == expected
        some += bool(expected)
    assert some > 10


def test_random_interviews_are_those_of_their_seed(synthetic: Program) -> None:
    reference = Reference(synthetic)
    assert random_sittings(reference, 3, seed=1) == random_sittings(reference, 3, seed=1)
    assert random_sittings(reference, 3, seed=1) != random_sittings(reference, 3, seed=2)


def test_a_race_runs_everybody_over_every_case_in_every_round() -> None:
    seen: dict[str, list[int]] = {"one": [], "other": []}
    runs = {name: own.append for name, own in seen.items()}
    found = race(runs, cases=3, rounds=4)
    assert seen["one"] == seen["other"] == [0, 1, 2] * (2 + 4)
    assert {name: one.runs for name, one in found.items()} == {"one": 12, "other": 12}


def test_percentiles() -> None:
    times = [one * 1_000_000 for one in range(1, 101)]
    Random(0).shuffle(times)
    assert Timings.of(times) == Timings(p50=51, p95=96, p99=100, runs=100)
    assert Timings.of([2_000_000]) == Timings(2, 2, 2, 1)


def test_the_page_tells_what_was_missed(tmp_path: Path) -> None:
    timings = {"by hand": Timings(1, 1, 2, 10), "other": Timings(3, 3, 4, 10)}
    section = Section("Some", ["About it.", timings_table("kind", timings, "by hand"), Table(["a"], [["b"]])])
    section.targets += [Target("fast", "3 ×", met=False), Target("small", "1 kB", met=True)]
    page = tmp_path / "benchmarks.md"
    write_page(page, [section], (0.5, 1.5))
    lines = page.read_text(encoding="utf-8").splitlines()
    assert "| fast | 3 × | **missed** |" in lines
    assert "| small | 1 kB | met |" in lines
    assert "| other | 3.00 | 3.00 | 4.00 |" in lines
    assert any("load of the machine 0.5 at the start, 1.5 at the end" in line for line in lines)
