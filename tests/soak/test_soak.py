"""Long runs: memory that stays flat, and two executors that never differ.

`make soak` runs each in full; without it, as in `make test`, the first tenth of the same seeds.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from benchmarks.endurance import FLAT_KB, endure
from benchmarks.interviews import demo_sittings, random_sittings
from indicators.answers import read_answers
from indicators.forms import forms_of
from rules.evaluation import Engine
from rules.executors.durable import engine_pool
from rules.revisions import draft_program
from tests.rules.interviews import AS_OF
from tests.rules.random_programs import random_answers, random_program

IN_FULL = os.environ.get("SOAK") == "1"
ASSESSMENTS = 100_000 if IN_FULL else 10_000
CASES = 100_000 if IN_FULL else 10_000
ANSWERS_A_PROGRAM = 5

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0 if IN_FULL else 600)]


def test_memory_is_flat_and_every_check_agrees() -> None:
    program = draft_program()
    with Engine(program, workers=2, time_limit=10) as engine:
        random = random_sittings(engine.reference, 200, seed=60, most=0.5)
        found = endure(engine, [*demo_sittings(program), *random], ASSESSMENTS)
    assert dict(found.checks) == {"agrees": ASSESSMENTS}
    # No worker was ever replaced.
    assert len(found.pids) <= 2
    parent, workers = found.growth
    assert parent < FLAT_KB
    assert workers < FLAT_KB


def test_engine_and_reference_never_differ() -> None:
    pool = engine_pool(workers=1, time_limit=10)
    for seed in range(CASES // ANSWERS_A_PROGRAM):
        random = Random(f"differential {seed}")
        program = random_program(random)
        engine = Engine(program, pool=pool)
        forms = forms_of(program.data["questions"])
        for _ in range(ANSWERS_A_PROGRAM):
            answers = read_answers(forms, random_answers(random, program.data))
            found = engine.evaluate(answers, AS_OF, "intake")
            assert (found.engine_check, found.incidents) == ("agrees", ()), f"seed {seed}"
            assert found.engine_outcome == found.reference_outcome
    assert len(pool.pids()) == 1
    pool.close()
